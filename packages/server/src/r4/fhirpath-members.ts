// Whether a value is among others: `in`, `contains`, intersect(), `where(resolve() is Patient)`. Those of %resource and
// %rootResource are looked through once for a record, not once for every value that is looked for: it may have many of both.

import { type Branch, type Items, itemsOf, type Scope, type Values } from './fhirpath-branch.ts';
import { isAmong, Members } from './fhirpath-identity.ts';
import { equal, type Item } from './fhirpath-values.ts';
import { Unsupported } from './fhirpath-parse.ts';

/** `%resource` and `%rootResource`. */
export const ofResource: Values = (_node, scope) => [scope.resource];
export const ofRoot: Values = (_node, scope) => [scope.root];

type IsThere = (item: Item, node: unknown, scope: Scope) => boolean;

/** Whether a value is one of those that the branches find. */
export function memberOf(branches: readonly Branch[]): IsThere {
  const all = branches.map((one) => itemsOf([one]));
  if (branches.length > 0 && branches.every(({ from }) => from === ofRoot))
    return memberOfResource(all, 'root', isEqual);
  if (branches.length > 0 && branches.every(({ from }) => from === ofResource)) {
    return memberOfResource(all, 'resource', isEqual);
  }
  return (item, node, scope) => all.some((items) => isAmong(item, items(node, scope), scope.work, isEqual));
}

/** The same for branches that begin with %resource, and for dates of different precision, which are not the same. */
export function isInResource(branches: readonly Branch[]): IsThere {
  return memberOfResource([itemsOf(branches)], 'resource', (a, b) => equal(a, b) === true);
}

function memberOfResource(all: readonly Items[], which: 'resource' | 'root', same: typeof isEqual): IsThere {
  const membersOf = onceFor(which, (scope) => {
    const items = all.flatMap((items) => items(scope[which], scope));
    return new Members(items, scope.work);
  });
  return (item, _node, scope) => membersOf(scope).has(item, scope.work, same);
}

/** What is made once for a resource while a scope lasts; a scope may go on to other resources, and a record change after it. */
function onceFor<T>(which: 'resource' | 'root', make: (scope: Scope) => T): (scope: Scope) => T {
  const known = new WeakMap<Scope, WeakMap<object, T>>();
  return (scope) => {
    const made = known.get(scope) ?? new WeakMap<object, T>();
    known.set(scope, made);
    const found = made.get(scope[which]);
    if (found !== undefined) return found;
    const value = make(scope);
    made.set(scope[which], value);
    return value;
  };
}

/** @throws Unsupported when it can't be determined */
export function isEqual(a: Item, b: Item): boolean {
  const same = equal(a, b);
  if (same === undefined) throw new Unsupported('comparing dates of different precision');
  return same;
}

/** `Organization#id` of the resources that the root contains. */
const contained = onceFor('root', ({ root, work }): ReadonlySet<string> => {
  const { contained = [] } = root as { contained?: readonly { resourceType?: unknown; id?: unknown }[] };
  work?.spend(contained.length);
  return new Set(contained.map(({ resourceType, id }) => `${resourceType}#${id}`));
});

/** @param reference `#id`. */
export function isContained(reference: string, type: string, scope: Scope): boolean {
  return contained(scope).has(`${type}${reference}`);
}
