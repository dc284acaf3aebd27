// Bodies as they arrive: JSON that PostgreSQL can keep and that recursion can walk, and forms.

import type { FastifyInstance } from 'fastify';
import { Refusal } from '#kit/errors.ts';
import { FHIR_JSON, FORM, JSON_PATCH } from './headers.ts';

const JSON_TYPES = [FHIR_JSON, 'application/json', 'application/json+fhir', JSON_PATCH];

/** FHIR itself nests some 20 deep; questionnaires and lists of lists a little more. */
const MAX_NESTING = 200;

/** Replaces the parsers of this plugin scope: everything else is `request.media-type`. */
export function addBodyParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(JSON_TYPES, { parseAs: 'string' }, async (_request: unknown, text: string) =>
    parseJson(text),
  );
  fastify.addContentTypeParser(
    FORM,
    { parseAs: 'string' },
    async (_request: unknown, text: string) => new URLSearchParams(text),
  );
}

/** Throws `request.malformed`. */
export function parseJson(text: string): unknown {
  // Before the parse, which itself takes any depth: what comes after it (validation, cloning) recurses.
  if (nesting(text) > MAX_NESTING) throw malformed(`it is nested more than ${MAX_NESTING} deep`);
  let value: unknown;
  try {
    value = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    // Not the parser's own message: it quotes the body.
    throw malformed('it is not JSON');
  }
  if (text.includes('\\u') && !isStorable(value)) throw malformed('its text holds a NUL or half a surrogate pair');
  if (text.includes('__proto__') && hasPrototypeKey(value)) throw malformed('it has an element named __proto__');
  return value;
}

function malformed(reason: string): Refusal {
  return new Refusal('request.malformed', { reason });
}

/** How deep brackets nest, strings aside. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (quoted) {
      if (char === BACKSLASH) i++;
      else if (char === QUOTE) quoted = false;
    } else if (char === QUOTE) quoted = true;
    else if (char === OPEN_BRACE || char === OPEN_BRACKET) deepest = Math.max(deepest, ++depth);
    else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) depth--;
  }
  return deepest;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** No text in it that PostgreSQL would refuse. */
function isStorable(value: unknown): boolean {
  return everyEntry(value, (key, text) => isText(key) && (typeof text !== 'string' || isText(text)));
}

export function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function hasPrototypeKey(value: unknown): boolean {
  return !everyEntry(value, (key) => key !== '__proto__');
}

function everyEntry(value: unknown, holds: (key: string, value: unknown) => boolean): boolean {
  if (typeof value !== 'object' || value === null) return holds('', value);
  return Object.entries(value).every(([key, child]) => holds(key, child) && everyEntry(child, holds));
}
