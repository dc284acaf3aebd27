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
  // Escapes can spell both what PostgreSQL cannot hold and the one name that is no element anywhere.
  if (text.includes('\\u') || text.includes('__proto__')) refuseUnstorable(value);
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

function refuseUnstorable(value: unknown): void {
  if (typeof value === 'string' && !isText(value)) throw malformed('its text holds a NUL or half a surrogate pair');
  if (typeof value !== 'object' || value === null) return;
  for (const [name, child] of Object.entries(value)) {
    if (name === '__proto__' || !isText(name)) throw malformed('it has an element whose name is no name');
    refuseUnstorable(child);
  }
}

/** Text that PostgreSQL can hold. */
export function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
