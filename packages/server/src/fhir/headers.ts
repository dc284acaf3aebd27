// HTTP headers of the FHIR API, read and written: http://hl7.org/fhir/R4/http.html sections 3.1.0.1.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';

export const FHIR_JSON = 'application/fhir+json';
export const JSON_PATCH = 'application/json-patch+json';
export const FORM = 'application/x-www-form-urlencoded';

/** Media types in which answers are given; the older name of FHIR JSON is understood as well. */
const ANSWERABLE = new Set([
  'application/fhir+json',
  'application/json',
  'application/json+fhir',
  '*/*',
  'application/*',
]);
const FORMATS = new Set([...ANSWERABLE, 'json', 'text/json']);

export function etag(version: number): string {
  return `W/"${version}"`;
}

/** The version that If-Match names; undefined without the header. */
export function ifMatchVersion(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const match = /^\s*(?:W\/)?"?(\d{1,9})"?\s*$/.exec(header);
  if (match) return Number(match[1]);
  throw new Refusal('request.header', { header: 'If-Match', reason: 'it must name one version, as W/"3" does' });
}

/** Whether If-None-Match names this version, so that it need not be sent again. */
export function noneMatches(header: string | undefined, version: number): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => {
    const text = tag.trim();
    return text === '*' || text.replace(/^W\//, '').replaceAll('"', '') === String(version);
  });
}

/** Whether nothing changed since If-Modified-Since, which counts in whole seconds. */
export function notModifiedSince(header: string | undefined, at: string): boolean {
  if (header === undefined) return false;
  const since = Date.parse(header);
  return !Number.isNaN(since) && Math.floor(Date.parse(at) / 1000) * 1000 <= since;
}

export function httpDate(at: string): string {
  return new Date(at).toUTCString();
}

export type Preference = 'minimal' | 'representation' | 'OperationOutcome';

/** `Prefer: return=...`; undefined when it says nothing (or something else) of it. */
export function preferredReturn(header: string | undefined): Preference | undefined {
  const match = /(?:^|[\s,;])return\s*=\s*"?(minimal|representation|OperationOutcome)"?/.exec(header ?? '');
  return match ? (match[1] as Preference) : undefined;
}

export type Handling = 'strict' | 'lenient';

/** `Prefer: handling=...`; undefined when it says nothing of it. */
export function preferredHandling(header: string | undefined): Handling | undefined {
  const match = /(?:^|[\s,;])handling\s*=\s*"?(strict|lenient)"?(?:$|[\s,;])/.exec(header ?? '');
  return match ? (match[1] as Handling) : undefined;
}

/** Throws `request.accept` when neither `_format` nor Accept leaves room for JSON. */
export function requireJsonAnswer(accept: string | undefined, format: string | null): void {
  if (format !== null) {
    // A `+` that was not escaped arrives as a space: `_format=application/fhir+json`.
    if (!FORMATS.has(mediaType(format).replaceAll(' ', '+'))) throw notAcceptable(format);
    return;
  }
  if (accept === undefined || accept.trim() === '') return;
  const acceptable = accept
    .split(',')
    .some((range) => ANSWERABLE.has(mediaType(range)) && !/;\s*q=0(\.0+)?\s*$/.test(range));
  if (!acceptable) throw notAcceptable(accept);
}

/** `application/fhir+json; charset=utf-8` without its parameters. */
export function mediaType(header: string): string {
  return header.split(';')[0]!.trim().toLowerCase();
}

/** The charset that a content type declares, in lower case; undefined when it declares none. */
export function charsetOf(header: string): string | undefined {
  return /;\s*charset\s*=\s*["']?([^"';\s]*)/i.exec(header)?.[1]?.toLowerCase();
}

function notAcceptable(type: string): Refusal {
  return new Refusal('request.accept', { type: type.slice(0, 200), accepted: FHIR_JSON });
}
