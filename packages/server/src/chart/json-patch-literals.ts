// Keeps how a record's numbers are written (kit/json/literals.ts) while a JSON Patch changes it. Literal tables are shared and
// immutable, and copying one per operation would be slow for a long list. So each changed object or list has its own table here,
// which is attached at the end.

import { literalOf, literalsOf, setLiterals } from '@chartwire/sdk/internal/kit/json/literals';

type Holder = Record<string, unknown> | unknown[];
type Written = string | undefined;

export class PatchLiterals {
  readonly #lists = new Map<unknown[], Written[]>();
  readonly #objects = new Map<Record<string, unknown>, Map<string, string>>();

  /** The literal at a key or index, if it isn't JavaScript's form. */
  get(holder: Holder, key: string | number): Written {
    if (!this.#has(holder)) return literalOf(holder, key);
    const own = Array.isArray(holder)
      ? this.#lists.get(holder)![Number(key)]
      : this.#objects.get(holder)!.get(`${key}`);
    return Object.is(Number(own), (holder as Record<string, unknown>)[key]) ? own : undefined;
  }

  /** Sets the literal at a key of an object. */
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

  /** `list.splice(at, removed, ...items)`, with the items' literals. */
  splice(
    list: unknown[],
    at: number,
    removed: number,
    ...items: readonly { value: unknown; literal: Written }[]
  ): void {
    this.#ofList(list, items)?.splice(at, removed, ...items.map(({ literal }) => literal));
    list.splice(at, removed, ...items.map(({ value }) => value));
  }

  /** Attaches the tables to the objects and lists of a value: before it is copied, and at the end. */
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

  /** The table of a list; undefined if not needed. */
  #ofList(list: unknown[], items: readonly { literal: Written }[]): Written[] | undefined {
    const known = this.#lists.get(list);
    if (known || (!literalsOf(list) && items.every(({ literal }) => literal === undefined))) return known;
    const own = list.map((_, index) => literalOf(list, index));
    this.#lists.set(list, own);
    return own;
  }
}
