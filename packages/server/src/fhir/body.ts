// Bodies as they arrive: JSON that PostgreSQL can keep and that recursion can walk, and forms.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { parseForeignJson, UnfitJson } from '@chartwire/sdk/internal/kit/json/parse';
import { charsetOf, FHIR_JSON, FORM, JSON_PATCH, mediaType } from './headers.ts';
import { readQuery } from './query.ts';

const JSON_TYPES = [FHIR_JSON, 'application/json', 'application/json+fhir', JSON_PATCH];

/** FHIR itself nests some 20 deep; questionnaires and lists of lists a little more. */
const MAX_NESTING = 200;

/** Replaces the parsers of this plugin scope: everything else is `request.media-type`. */
export function addBodyParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(JSON_TYPES, { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) =>
    parseJson(bodyText(request, body)),
  );
  fastify.addContentTypeParser(FORM, { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) =>
    readQuery(bodyText(request, body)),
  );
}

/** UTF-8 and what is part of it. */
const CHARSETS: ReadonlySet<string | undefined> = new Set([undefined, 'utf-8', 'utf8', 'us-ascii']);

/** The text of a body. Throws `request.media-type` for a charset other than UTF-8, `request.malformed` for other bytes. */
export function bodyText(request: Pick<FastifyRequest, 'headers'>, body: Uint8Array): string {
  const header = request.headers['content-type'] ?? '';
  if (!CHARSETS.has(charsetOf(header))) {
    const accepted = `${mediaType(header)}; charset=utf-8`;
    throw new Refusal('request.media-type', { type: header.slice(0, 200), accepted });
  }
  return utf8(body);
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as text. Throws `request.malformed` where they are not UTF-8, which would otherwise lose what they say. */
export function utf8(bytes: Uint8Array): string {
  try {
    return UTF_8.decode(bytes);
  } catch {
    throw malformed('it is not UTF-8');
  }
}

/** An address or a header as text: Node takes each of its bytes for a letter. Throws `request.malformed`. */
export function headText(bytes: string): string {
  return /[^\0-\x7f]/.test(bytes) ? utf8(Buffer.from(bytes, 'latin1')) : bytes;
}

/** JSON with its numbers as they were written: kit/json. Throws `request.malformed`. */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    // Not too deep: what comes after it (validation, copying) recurses.
    value = parseForeignJson(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, MAX_NESTING);
  } catch (error) {
    // Not the message of JSON.parse: it quotes the body.
    throw malformed(error instanceof UnfitJson ? error.message : 'it is not JSON');
  }
  // Escapes can spell both what PostgreSQL cannot hold and the one name that is no element anywhere.
  if (text.includes('\\u') || text.includes('__proto__')) refuseUnstorable(value);
  return value;
}

function malformed(reason: string): Refusal {
  return new Refusal('request.malformed', { reason });
}

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
