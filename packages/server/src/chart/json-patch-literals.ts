// How the numbers of a record are written (kit/json/literals.ts) while a JSON Patch changes it. Tables of literals are
// shared and never changed; to make a new one for every operation would take too long for a long list. Here each object or
// list that is changed has a table of its own, which is put on it in the end.

import { literalOf, literalsOf, setLiterals } from '@chartwire/sdk/internal/kit/json/literals';

type Holder = Record<string, unknown> | unknown[];
type Written = string | undefined;

export class PatchLiterals {
  readonly #lists = new Map<unknown[], Written[]>();
  readonly #objects = new Map<Record<string, unknown>, Map<string, string>>();

  /** How the number at a key or index is written, if not as JavaScript prints it. */
  get(holder: Holder, key: string | number): Written {
    if (!this.#has(holder)) return literalOf(holder, key);
    const own = Array.isArray(holder)
      ? this.#lists.get(holder)![Number(key)]
      : this.#objects.get(holder)!.get(`${key}`);
    return Object.is(Number(own), (holder as Record<string, unknown>)[key]) ? own : undefined;
  }

  /** Says how the number at a key of an object is written. */
  setKey(object: Record<string, unknown>, key: string, literal: Written): void {
    let own = this.#objects.get(object);
    if (!own) {
      if (literal === undefined && literalsOf(object)?.[key] === undefined) return;
      own = new Map(Object.entries(literalsOf(object) ?? {}));
      this.#objects.set(object, own);
    }
    if (literal === undefined) own.delete(key);
    else own.set(key, literal);
  }

  /** `list.splice(at, removed, ...items)`, with how the items are written. */
  splice(
    list: unknown[],
    at: number,
    removed: number,
    ...items: readonly { value: unknown; literal: Written }[]
  ): void {
    this.#ofList(list, items)?.splice(at, removed, ...items.map(({ literal }) => literal));
    list.splice(at, removed, ...items.map(({ value }) => value));
  }

  /** Puts the tables on the objects and lists of a value: before it is copied, and in the end. */
  settle(value: unknown): void {
    if (this.#lists.size + this.#objects.size === 0) return;
    for (const pending = [value]; pending.length > 0; ) {
      const one = pending.pop();
      if (typeof one !== 'object' || one === null) continue;
      if (this.#has(one as Holder)) setLiterals(one, Object.fromEntries(this.#written(one as Holder)));
      for (const child of Object.values(one)) if (typeof child === 'object') pending.push(child);
    }
  }

  #has(holder: Holder): boolean {
    return Array.isArray(holder) ? this.#lists.has(holder) : this.#objects.has(holder);
  }

  *#written(holder: Holder): Generator<[string, string]> {
    const own = Array.isArray(holder) ? this.#lists.get(holder)! : this.#objects.get(holder)!;
    for (const key of own.keys()) {
      const literal = this.get(holder, key);
      if (literal !== undefined) yield [`${key}`, literal];
    }
  }

  /** The table of a list; undefined while it needs none. */
  #ofList(list: unknown[], items: readonly { literal: Written }[]): Written[] | undefined {
    const known = this.#lists.get(list);
    if (known || (!literalsOf(list) && items.every(({ literal }) => literal === undefined))) return known;
    const own = list.map((_, index) => literalOf(list, index));
    this.#lists.set(list, own);
    return own;
  }
}
