// By what a set finds the values that FHIRPath calls equal to one: two long lists need not be compared value by value.

import type { Work } from './fhirpath-work.ts';
import { isBare, isDateLike, isMeasured, isSame, type Item, kindOf, undecided } from './fhirpath-values.ts';

interface Identity {
  /** Those of one family can be compared with each other, and by the rest of this alone. */
  readonly family: 'text' | 'time' | 'boolean' | 'number' | 'complex';
  /** The same for what `equal` calls equal, and for nothing else. */
  readonly exact: unknown;
  /** The same for objects that only dates or units in them could tell apart, which `equal` refuses to compare. */
  readonly like: string | undefined;
}

/** Undefined for dates and quantities, and for what has no value or no type. */
function identityOf(item: Item): Identity | undefined {
  const { value, type } = item;
  if (isBare(item)) return undefined;
  const kind = kindOf(type);
  switch (kind) {
    case 'complex':
      return { family: kind, exact: JSON.stringify(value, inOrder), like: JSON.stringify(value, withoutDates) };
    case 'integer':
    case 'decimal':
      return { family: 'number', exact: value, like: undefined };
    case 'text':
    case 'time':
    case 'boolean':
      return { family: kind, exact: value, like: undefined };
    default:
      return undefined;
  }
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function withoutDates(key: string, value: unknown): unknown {
  if (typeof value === 'string') return isDateLike(value) ? ['date'] : value;
  return isMeasured(value) ? ['measured'] : inOrder(key, value);
}

/** So many are sooner compared one by one than made into keys. */
const FEW = 8;

/** Values to look others up in. */
export class Members {
  readonly #items: readonly Item[];
  /** Undefined where they have to be compared one by one. */
  readonly #family: Identity['family'] | undefined;
  readonly #exact = new Set<unknown>();
  readonly #like = new Set<string>();

  constructor(items: readonly Item[], work: Work | undefined, few = FEW) {
    this.#items = items;
    if (items.length <= few) return;
    const families = new Set<Identity['family'] | undefined>();
    for (const item of items) {
      work?.spendOn(item.value);
      // A missing value equals nothing.
      if (isBare(item)) continue;
      const identity = identityOf(item);
      families.add(identity?.family);
      this.#exact.add(identity?.exact);
      if (identity?.like !== undefined) this.#like.add(identity.like);
    }
    this.#family = families.size === 1 ? [...families][0] : undefined;
  }

  /** @param isEqual how two of them are compared where a set can't tell. @throws Unsupported as `equal` does. */
  has(item: Item, work: Work | undefined, isEqual: (a: Item, b: Item) => boolean): boolean {
    const identity = this.#family && identityOf(item);
    if (!identity || identity.family !== this.#family) return isAmong(item, this.#items, work, isEqual);
    work?.spendOn(item.value);
    if (this.#exact.has(identity.exact)) return true;
    return identity.like !== undefined && this.#like.has(identity.like) ? undecided() : false;
  }
}

export function isAmong(
  item: Item,
  others: readonly Item[],
  work: Work | undefined,
  isEqual: (a: Item, b: Item) => boolean,
): boolean {
  return others.some((other) => {
    work?.spendOn(other.value);
    return isEqual(item, other);
  });
}

/** Values for which a union keeps only one: see `isSame`. */
export class Distinct {
  readonly #exact = new Map<string, Set<unknown>>();
  readonly #like = new Set<string>();
  readonly #others: Item[] = [];
  readonly #few: number;
  /** The first few, until there are more. */
  #first: Item[] | undefined = [];

  constructor(few = FEW) {
    this.#few = few;
  }

  /** Whether it was not there. @throws Unsupported as `equal` does. */
  add(item: Item, work: Work | undefined): boolean {
    const first = this.#first;
    if (!first) return this.#addKey(item, work);
    if (first.length < this.#few) {
      if (isAmong(item, first, work, isSame)) return false;
      first.push(item);
      return true;
    }
    this.#first = undefined;
    for (const one of first) this.#addKey(one, work);
    return this.#addKey(item, work);
  }

  #addKey(item: Item, work: Work | undefined): boolean {
    const identity = identityOf(item);
    if (!identity) {
      if (isAmong(item, this.#others, work, isSame)) return false;
      this.#others.push(item);
      return true;
    }
    work?.spendOn(item.value);
    const { family, exact, like } = identity;
    const known = this.#exact.get(family) ?? new Set();
    this.#exact.set(family, known);
    if (known.has(exact)) return false;
    if (like !== undefined && this.#like.has(like)) undecided();
    known.add(exact);
    if (like !== undefined) this.#like.add(like);
    return true;
  }
}
