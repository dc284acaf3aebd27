// Whether a value is among others: `in`, `contains`, intersect(). Those of %resource are looked through once for a record, not
// once for every value that is looked for: a record may have many of both.

import { type Branch, type Scope, type Values, valuesOf } from './fhirpath-branch.ts';
import { equal } from './fhirpath-values.ts';

/** `%resource` and `%rootResource`. */
export const ofResource: Values = (_node, scope) => [scope.resource];
export const ofRoot: Values = (_node, scope) => [scope.root];

type IsThere = (value: unknown, node: unknown, scope: Scope) => boolean;

export function memberOf(branches: readonly Branch[]): IsThere {
  const values = valuesOf(branches);
  const known = new WeakMap<object, ReadonlySet<unknown>>();
  const ofScope = branches.every(({ from }) => from === ofResource || from === ofRoot);
  return (value, node, scope) => {
    if (!ofScope && node !== scope.resource) {
      const others = values(node, scope);
      return others.some((other) => {
        scope.work?.spendOn(other);
        return equal(value, other);
      });
    }
    let set = known.get(scope);
    if (!set) {
      set = new Set(values(node, scope).map(identity));
      known.set(scope, set);
    }
    return set.has(identity(value));
  };
}

/** Of values that are equal, the same; of others, another. */
function identity(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? `\0${JSON.stringify(value, inOrder)}` : value;
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
