// The literals of a JSON value as separate JSON, for readers that only have JSON.parse. It has a branch for each object or list
// that contains one: `{"valueQuantity":{"value":"1.00"}}`.

import { literalOf, literalsOf, setLiterals } from './literals.ts';

export interface LiteralTree {
  readonly [key: string]: string | LiteralTree;
}

/** The tree of a value; undefined if it contains no literal. */
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

/** Restores the literals of a tree, in place. */
export function plantLiterals(value: unknown, tree: LiteralTree): void {
  if (typeof value !== 'object' || value === null) return;
  const literals: Record<string, string> = {};
  for (const key of Object.keys(tree)) {
    const part = tree[key]!;
    if (typeof part === 'string') {
      literals[key] = part;
      // JSON.stringify writes -0 as 0.
      (value as Record<string, unknown>)[key] = Number(part);
    } else plantLiterals((value as Record<string, unknown>)[key], part);
  }
  setLiterals(value, literals);
}
