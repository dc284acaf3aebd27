// Whether two values of a field are the same, numbers as they are written, whatever the order of their members: the server's
// database does not keep it.

import { isRewritten } from '@chartwire/sdk/internal/kit/json/literals';

export function same(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [one as Readonly<Record<string, unknown>>, other as Readonly<Record<string, unknown>>];
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => !isRewritten(left, right, name) && same(left[name], right[name]));
}
