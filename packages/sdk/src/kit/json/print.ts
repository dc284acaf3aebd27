// JSON.stringify that writes numbers as they were written (literals.ts) and embeds JSON text unchanged.

import { literalOf, literalsOf } from './literals.ts';
import { endOfString } from './parse.ts';

/** JSON text in place of its value, so that stored JSON is served without parsing. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** JSON text of a value, on one line. Omits undefined and functions, as JSON.stringify does. */
export function printJson(value: unknown): string {
  if (value instanceof JsonText) return value.text;
  const special = new Set<object>();
  // Parts without literals or texts go to JSON.stringify, which is faster on larger parts.
  if (!find(value, special)) return JSON.stringify(value);
  return write(value, special) ?? 'null';
}

/** Collects the objects and lists that contain literals or texts, at any depth. Returns whether this value is one. */
function find(value: unknown, special: Set<object>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  let found = value instanceof JsonText || literalsOf(value) !== undefined;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object' && find(item, special)) found = true;
  } else {
    for (const key in value) {
      const child = (value as Record<string, unknown>)[key];
      if (typeof child === 'object' && find(child, special)) found = true;
    }
  }
  // Values with toJSON are left to JSON.stringify.
  if (!found || typeof (value as { toJSON?: unknown }).toJSON === 'function') return false;
  special.add(value);
  return true;
}

function write(value: unknown, special: ReadonlySet<object>): string | undefined {
  if (typeof value !== 'object' || value === null || !special.has(value)) return JSON.stringify(value);
  if (value instanceof JsonText) return value.text;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, index) => literalOf(value, index) ?? write(item, special) ?? 'null');
    return `[${items.join(',')}]`;
  }
  let text = '';
  for (const key of Object.keys(value)) {
    const written = literalOf(value, key) ?? write((value as Record<string, unknown>)[key], special);
    if (written !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${written}`;
  }
  return `{${text}}`;
}

/** Indents one-line JSON by two spaces a level, like `JSON.stringify(value, null, 2)`. */
export function indentJson(text: string): string {
  const lines: string[] = [];
  let line = '';
  let depth = 0;
  const end = (): void => {
    lines.push(line);
    line = '  '.repeat(depth);
  };
  for (const token of tokensOf(text)) {
    if (token === '{' || token === '[') {
      line += token;
      depth++;
      end();
    } else if (token === '}' || token === ']') {
      depth--;
      end();
      line += token;
    } else if (token === ',') {
      line += token;
      end();
    } else line += token === ':' ? ': ' : token;
  }
  lines.push(line);
  return lines.join('\n');
}

/** Brackets (empty pairs together), commas, colons, numbers, and words: all tokens except strings. */
const TOKEN = /[[{](?:\s*[\]}])?|[\]},:]|[^\s"[\]{},:]+/y;

/** The tokens of a JSON text. Long strings would overflow the stack of a regular expression, so they are scanned by hand. */
function* tokensOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    let end = at + 1;
    if (text[at] === '"') {
      end = endOfString(text, end) + 1;
      yield text.slice(at, end);
    } else {
      TOKEN.lastIndex = at;
      if (TOKEN.test(text)) {
        end = TOKEN.lastIndex;
        yield text.slice(at, end);
      }
    }
    at = end;
  }
}
