// Decimals as FHIR allows them to be written, from a seed: zeros at the end, exponents, more digits than a double has.

/** Numbers below a bound, the same each time (mulberry32). */
export function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** What people and laboratories wrote, and the ends of what a double holds. */
const KNOWN = ['1.00', '140.0', '1.2E+2', '0.00000001', '123456789012345.12345', '-0', '0.0', '-0.50', '1e-7', '1E21'];

/** That many, the known ones among them; each a number that a double holds, if not exactly. */
export function decimals(count: number, seed = 1): string[] {
  const roll = dice(seed);
  const digits = (most: number): string => Array.from({ length: roll(most + 1) }, () => roll(10)).join('');
  const one = (): string => {
    const whole = roll(3) === 0 ? '0' : `${1 + roll(9)}${digits(roll(4) === 0 ? 17 : 4)}`;
    const fraction = roll(4) === 0 ? '' : `.${roll(10)}${digits(roll(4) === 0 ? 18 : 3)}${'0'.repeat(roll(4))}`;
    const exponent = roll(5) === 0 ? `${'eE'[roll(2)]}${['', '+', '-'][roll(3)]}${roll(60)}` : '';
    return `${roll(5) === 0 ? '-' : ''}${whole}${fraction}${exponent}`;
  };
  return [...KNOWN, ...Array.from({ length: count - KNOWN.length }, one)];
}

/** The decimals that quantities have in a JSON text, as they are written there. */
export function decimalsIn(text: string): string[] {
  return Array.from(text.matchAll(/"value"\s*:\s*(-?\d[\d.eE+-]*)/g), ([, literal]) => literal!);
}
