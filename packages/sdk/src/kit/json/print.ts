// JSON.stringify that writes numbers as they were written (literals.ts), and JSON text in the place of a value as it is.

import { literalOf, literalsOf } from './literals.ts';
import { endOfString } from './parse.ts';

/** A JSON text that stands for its value: what is stored is served without being read. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** JSON text of a value, in one line; undefined and functions are left out, as by JSON.stringify. */
export function printJson(value: unknown): string {
  if (value instanceof JsonText) return value.text;
  const special = new Set<object>();
  // What holds nothing special is written by JSON.stringify, the larger the part the faster.
  if (!find(value, special)) return JSON.stringify(value);
  return write(value, special) ?? 'null';
}

/** Collects the objects and lists that hold literals or texts, at any depth. Whether this value is one. */
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
  // What says itself how it is written is left to JSON.stringify.
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

/** JSON text in one line, with a line for each value and two spaces a level, as `JSON.stringify(value, null, 2)` has it. */
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

/** Brackets (empty ones together), commas, colons, numbers and words: all tokens but strings. */
const TOKEN = /[[{](?:\s*[\]}])?|[\]},:]|[^\s"[\]{},:]+/y;

/** The tokens of a JSON text. Strings are not left to an expression: its stack is too small for long ones. */
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
