// JSON.parse that keeps how numbers were written (literals.ts) and rejects unfit texts. Makes one more pass over the text,
// however many literals it contains.

import { LITERALS, type Literals } from './literals.ts';

/** JSON that is nested too deep, or repeats a name in one object. */
export class UnfitJson extends Error {
  override readonly name = 'UnfitJson';
}

/**
 * Parses JSON and keeps its literals.
 *
 * @throws {SyntaxError} which quotes the text
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  new Scan(text, value, Number.POSITIVE_INFINITY).run();
  return value;
}

/**
 * Parses JSON from outside, safely for recursion and without losing data.
 *
 * @throws {UnfitJson} when it is nested deeper than `deepest`, or repeats a name in one object, of which JSON.parse would
 * silently keep the last
 */
export function parseForeignJson(text: string, deepest: number): unknown {
  const value: unknown = JSON.parse(text);
  const scan = new Scan(text, value, deepest);
  scan.run();
  if (scan.names !== namesIn(value)) throw new UnfitJson('it has a name twice in one object');
  return value;
}

/** Number of names in a value with limited depth. */
function namesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let names = 0;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object') names += namesIn(item);
    return names;
  }
  for (const key in value) {
    names++;
    const child = (value as Record<string, unknown>)[key];
    if (typeof child === 'object') names += namesIn(child);
  }
  return names;
}

type Container = Record<string, unknown> & { [LITERALS]?: Literals };

/** An object or list that encloses the current position. */
interface Level {
  isList: boolean;
  /** In a list: the current index. */
  index: number;
  /** In an object: start and end of the current name in the text. */
  from: number;
  to: number;
  /** The parsed value, once looked up. Each is looked up at most once, and only if it contains a literal. */
  container: Container | undefined;
}

/** One pass over a text that JSON.parse has accepted. */
class Scan {
  names = 0;
  readonly #text: string;
  readonly #root: unknown;
  readonly #deepest: number;
  readonly #levels: Level[] = [];
  #depth = 0;
  /** Number of levels from the top whose container has been looked up. */
  #known = 0;

  constructor(text: string, root: unknown, deepest: number) {
    this.#text = text;
    this.#root = root;
    this.#deepest = deepest;
  }

  run(): void {
    const text = this.#text;
    const { length } = text;
    let level: Level | undefined;
    let isName = false;
    for (let at = 0; at < length; ) {
      const char = text.charCodeAt(at);
      switch (char) {
        case QUOTE: {
          const end = endOfString(text, at + 1);
          if (isName) {
            isName = false;
            this.names++;
            level!.from = at + 1;
            level!.to = end;
          }
          at = end + 1;
          break;
        }
        case COMMA:
          if (level!.isList) level!.index++;
          else isName = true;
          at++;
          break;
        case OPEN_BRACE:
        case OPEN_BRACKET:
          isName = char === OPEN_BRACE;
          level = this.#enter(!isName);
          at++;
          break;
        case CLOSE_BRACE:
        case CLOSE_BRACKET:
          isName = false;
          level = this.#leave();
          at++;
          break;
        default:
          if (char === MINUS || isDigit(char)) {
            const end = endOfNumber(text, at + 1);
            if (!isPlain(text, at, end)) this.#keep(text.slice(at, end));
            at = end;
          } else at++;
      }
    }
  }

  #enter(isList: boolean): Level {
    const depth = this.#depth++;
    if (this.#depth > this.#deepest) throw new UnfitJson(`it is nested more than ${this.#deepest} deep`);
    const level = this.#levels[depth];
    if (level === undefined) {
      const made: Level = { isList, index: 0, from: 0, to: 0, container: undefined };
      this.#levels.push(made);
      return made;
    }
    level.isList = isList;
    level.index = 0;
    return level;
  }

  #leave(): Level | undefined {
    this.#depth--;
    if (this.#known > this.#depth) this.#known = this.#depth;
    return this.#levels[this.#depth - 1];
  }

  /** Stores a literal in its holder's table. */
  #keep(literal: string): void {
    if (this.#depth === 0) return;
    const holder = this.#container();
    const level = this.#levels[this.#depth - 1]!;
    const key = level.isList ? level.index : this.#nameOf(level);
    // If a name is repeated, only the last value remains; a literal of an earlier one is ignored when printing.
    if (holder === undefined || key === '__proto__' || typeof holder[key] !== 'number') return;
    holder[LITERALS] ??= {};
    (holder[LITERALS] as Record<string | number, string>)[key] = literal;
  }

  #container(): Container | undefined {
    for (; this.#known < this.#depth; this.#known++) {
      const above = this.#levels[this.#known - 1];
      const value = above ? above.container?.[above.isList ? above.index : this.#nameOf(above)] : this.#root;
      const container = typeof value === 'object' && value !== null ? (value as Container) : undefined;
      this.#levels[this.#known]!.container = container;
    }
    return this.#levels[this.#depth - 1]!.container;
  }

  #nameOf({ from, to }: Level): string {
    const name = this.#text.slice(from, to);
    return name.includes('\\') ? (JSON.parse(`"${name}"`) as string) : name;
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Characters of a string to check one by one before a search is faster. */
const SHORT = 32;

/** Index of a string's closing quotation mark. */
export function endOfString(text: string, from: number): number {
  const soon = from + SHORT;
  let at = from;
  for (; at < soon; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) return at;
    if (char === BACKSLASH) at++;
  }
  let end = text.indexOf('"', at);
  while (isEscaped(text, end, at)) end = text.indexOf('"', end + 1);
  return end;
}

/** Whether an odd number of backslashes, from `from` on, precedes a position. */
function isEscaped(text: string, place: number, from: number): boolean {
  let at = place;
  while (at > from && text.charCodeAt(at - 1) === BACKSLASH) at--;
  return (place - at) % 2 === 1;
}

function endOfNumber(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const char = text.charCodeAt(at);
    // Characters that continue a number: digits, point, exponent, and sign.
    if (!isDigit(char) && char !== DOT && char !== 0x65 && char !== 0x45 && char !== 0x2b && char !== MINUS) return at;
  }
  return at;
}

function isDigit(char: number): boolean {
  return char >= ZERO && char <= 0x39;
}

/** Significant digits that a double always keeps. */
const SAFE_DIGITS = 15;

/** Whether JavaScript prints the number as written. */
function isPlain(text: string, start: number, end: number): boolean {
  const from = text.charCodeAt(start) === MINUS ? start + 1 : start;
  let dot = -1;
  for (let at = from; at < end; at++) {
    const char = text.charCodeAt(at);
    if (char === DOT) dot = at;
    else if (!isDigit(char)) return isPrinted(text.slice(start, end));
  }
  // JavaScript drops a trailing zero of a fraction.
  if (dot >= 0 && text.charCodeAt(end - 1) === ZERO) return false;
  // It rounds long numbers, writes small ones with an exponent, and drops the sign of -0.
  const isShort = end - from <= SAFE_DIGITS;
  const isSmall = text.charCodeAt(from) === ZERO && (dot < 0 || text.charCodeAt(dot + 1) === ZERO);
  if (isShort && !isSmall) return true;
  return isPrinted(text.slice(start, end));
}

function isPrinted(literal: string): boolean {
  return String(Number(literal)) === literal;
}
