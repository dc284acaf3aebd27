// The literals of a JSON value as JSON of their own, beside it: for a reader who has only JSON.parse. A branch for each
// object or list that holds one: `{"valueQuantity":{"value":"1.00"}}`.

import { literalOf, literalsOf, setLiterals } from './literals.ts';

export interface LiteralTree {
  readonly [key: string]: string | LiteralTree;
}

/** The tree of a value; undefined when it holds no literal. */
export function literalTree(value: unknown): LiteralTree | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const tree: Record<string, string | LiteralTree> = {};
  let found = false;
  for (const key of Object.keys(literalsOf(value) ?? {})) {
    const literal = literalOf(value, key);
    if (literal === undefined) continue;
    tree[key] = literal;
    found = true;
  }
  for (const key in value) {
    const child = (value as Record<string, unknown>)[key];
    const branch = typeof child === 'object' ? literalTree(child) : undefined;
    if (!branch) continue;
    tree[key] = branch;
    found = true;
  }
  return found ? tree : undefined;
}

/** Puts the literals of a tree where they belong, in place. */
export function plantLiterals(value: unknown, tree: LiteralTree): void {
  if (typeof value !== 'object' || value === null) return;
  const literals: Record<string, string> = {};
  for (const key of Object.keys(tree)) {
    const part = tree[key]!;
    if (typeof part === 'string') {
      literals[key] = part;
      // JSON.stringify makes 0 of -0.
      (value as Record<string, unknown>)[key] = Number(part);
    } else plantLiterals((value as Record<string, unknown>)[key], part);
  }
  setLiterals(value, literals);
}
