// Copies of JSON with some places in them made odd.

import type { Random } from './random.ts';
import { anything, instant, NUMBERS, noise, TEXTS, timestamp } from './values.ts';

// biome-ignore lint/suspicious/noExplicitAny: anything at all
type Loose = any;

/** A copy with up to three places made odd: dropped, doubled, wrapped, or of another value, often of the same kind. */
export function mangled<T extends object>(value: T, random: Random): T {
  const copy = structuredClone(value);
  for (let times = random.below(4); times > 0; times--) mangleOne(copy, random);
  return copy;
}

function mangleOne(value: Loose, random: Random): void {
  const places: [Loose, string | number][] = [];
  const visit = (node: Loose): void => {
    for (const key of Object.keys(node)) {
      places.push([node, Array.isArray(node) ? Number(key) : key]);
      if (typeof node[key] === 'object' && node[key] !== null) visit(node[key]);
    }
  };
  visit(value);
  if (places.length === 0) return;
  const [node, key] = random.pick(places);
  const before = node[key];
  switch (random.below(16)) {
    case 0:
      delete node[key];
      break;
    case 1:
      node[key] = [before, before];
      break;
    case 2:
      node[key] = { [String(key)]: before };
      break;
    case 3:
      node[key] = random.pick<unknown>([
        null,
        true,
        {},
        [],
        [[]],
        [null],
        { toString: 1, valueOf: 2 },
        { hasOwnProperty: 'x', length: -1 },
      ]);
      break;
    default:
      node[key] = alike(before, random);
  }
}

/** Odd, and of the same kind. */
function alike(before: unknown, random: Random): unknown {
  if (typeof before === 'number')
    return random.pick([...NUMBERS.map(Number).filter(Number.isFinite), 1e308, -1e308, 5e-324, -0, 2 ** 31, 2 ** 53]);
  if (typeof before !== 'string') return anything(random);
  if (/^\d{4}-\d\d-\d\dT/.test(before)) return random.once(2) ? timestamp(random) : instant(random);
  if (/^\d{4}(-|$)/.test(before))
    return random.pick(['0001', '9999', '0001-01-01', '9999-12-31', '0000', instant(random)]);
  return random.pick([...TEXTS, noise(random, 3000), noise(random, 9000), 'x'.repeat(20_000)]);
}
