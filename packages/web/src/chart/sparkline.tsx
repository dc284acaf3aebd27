// A line the size of a word; the last value is its dot.

export function Sparkline({ values, className }: { readonly values: readonly number[]; readonly className?: string }) {
  if (values.length < 2) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (index: number): number => 2 + (index / (values.length - 1)) * 46;
  const y = (value: number): number => (high === low ? 8 : 14 - ((value - low) / (high - low)) * 12);
  const points = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`);
  return (
    <svg viewBox="0 0 50 16" aria-hidden="true" className={className ?? 'h-4 w-12.5'}>
      <polyline
        points={points.join(' ')}
        fill="none"
        strokeWidth="1.3"
        strokeLinejoin="round"
        strokeLinecap="round"
        className="stroke-ink-3"
      />
      <circle cx={x(values.length - 1)} cy={y(values.at(-1)!)} r="1.9" className="fill-accent" />
    </svg>
  );
}
