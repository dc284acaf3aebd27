// How long runs took, as a histogram: a bar a class of milliseconds.

import { msText } from '../events/event-words.ts';
import type { Runs } from './shapes.ts';

const [WIDTH, HEIGHT, BASE] = [480, 88, 16];

export function Latency({ runs: { latency, p50, p95, longest } }: { readonly runs: Runs }) {
  if (p50 === null || p95 === null || longest === null) return null;
  const most = Math.max(...latency.map(({ count }) => count));
  const step = WIDTH / latency.length;
  const label = `Half of the runs took at most ${msText(p50)}, 95 % at most ${msText(p95)}, the longest ${msText(longest)}.`;
  return (
    <figure>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + BASE}`} role="img" aria-label={label} className="w-full">
        {latency.map(({ upTo, count }, index) => {
          const height = count === 0 ? 1 : Math.max(3, (count / most) * (HEIGHT - 14));
          const middle = index * step + step / 2;
          return (
            <g key={upTo ?? 'more'}>
              <rect
                x={index * step + 2}
                y={HEIGHT - height}
                width={step - 4}
                height={height}
                rx={2}
                className={count === 0 ? 'fill-line' : 'fill-plugin'}
              />
              {count > 0 && (
                <text x={middle} y={HEIGHT - height - 3} textAnchor="middle" className="fill-ink-2 text-[9px] tabular">
                  {count}
                </text>
              )}
              <text x={middle} y={HEIGHT + 12} textAnchor="middle" className="fill-ink-3 text-[9px]">
                {upTo === null ? 'more' : upTo < 1_000 ? upTo : `${upTo / 1_000}s`}
              </text>
            </g>
          );
        })}
      </svg>
      <figcaption className="text-ink-3 text-xs">Runs by the milliseconds they took at most. {label}</figcaption>
    </figure>
  );
}
