// References inside a transaction: to its own entries (`urn:uuid:...`) and by criteria (`Patient?identifier=...`).
// http://hl7.org/fhir/R4/http.html#trules, http://hl7.org/fhir/R4/bundle.html#references

import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import type { Fault } from '@chartwire/sdk/internal/kit/errors';
import { type Link, type Relink, relinked, relinkedAt } from '#r4/links.ts';

/** What an entry turns out to be: `Patient/1`, and the version that the transaction leaves. */
export interface Target {
  readonly record: string;
  readonly version: number;
}

/** The full URLs of entries. */
export class Links {
  readonly #targets = new Map<string, Target>();

  get(fullUrl: string): Target | undefined {
    return this.#targets.get(keyOf(fullUrl));
  }

  set(fullUrl: string, target: Target): void {
    this.#targets.set(keyOf(fullUrl), target);
  }
}

/** UUIDs are the same in either case (RFC 4122 section 3). */
function keyOf(fullUrl: string): string {
  return /^urn:uuid:/i.test(fullUrl) ? fullUrl.toLowerCase() : fullUrl;
}

const CONDITIONAL = /^([A-Z][A-Za-z]+)\?(.+)$/;
const RELATIVE = /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/;
/** What is linked to, the version of it, and the part. */
const PARTS = /^([^#]*?)(\/_history\/[A-Za-z0-9\-.]{1,64})?(#.*)?$/;

/** `Patient?identifier=x`, also below `baseUrl`, as its type and criteria; undefined for other references. */
export function readConditionalReference(
  text: string,
  baseUrl: string,
): { type: string; criteria: string } | undefined {
  const match = CONDITIONAL.exec(text.startsWith(`${baseUrl}/`) ? text.slice(baseUrl.length + 1) : text);
  return match ? { type: match[1]!, criteria: match[2]! } : undefined;
}

/** A copy of a body, a resource of `type` or a patch to one, with its links as `relink` wants them. */
function bodyRelinked(body: unknown, type: string, relink: Relink): unknown {
  if (!Array.isArray(body)) return relinked(body, type, relink);
  return body.map((operation: unknown, index) => {
    if (typeof operation !== 'object' || operation === null || !('value' in operation)) return operation;
    const pointer = 'path' in operation && typeof operation.path === 'string' ? operation.path : '';
    const placed: Relink = (link) => relink({ ...link, path: `[${index}].${link.path}` });
    return { ...operation, value: relinkedAt(operation.value, type, pointer, placed) };
  });
}

function eachReference(body: unknown, type: string, hear: (link: Link) => void): void {
  bodyRelinked(body, type, (link) => {
    if (link.kind === 'reference') hear(link);
    return link.text;
  });
}

/** The conditional references in a body, each with the path where it is first. */
export function conditionalReferencesIn(body: unknown, type: string, baseUrl: string): Map<string, string> {
  const found = new Map<string, string>();
  eachReference(body, type, ({ text, path }) => {
    if (readConditionalReference(text, baseUrl) && !found.has(text)) found.set(text, `${type}.${path}`);
  });
  return found;
}

/** What a body refers to with a URN that no entry of its bundle has as its full URL. */
export function danglingIn(body: unknown, type: string, links: Links): Fault[] {
  const faults: Fault[] = [];
  eachReference(body, type, ({ text, path }) => {
    if (!/^urn:(?:uuid|oid):/i.test(text) || targetOf(text, links)) return;
    const message = `It refers to ${text}, which is the fullUrl of no entry of the bundle.`;
    faults.push({ path: `${type}.${path}`, message, issue: 'not-found' });
  });
  return faults;
}

/** What is known when the links of an entry are resolved. */
export interface Resolved {
  readonly links: Links;
  /** What conditional references mean: `Patient?identifier=x` to `Patient/1`. */
  readonly found: ReadonlyMap<string, string>;
  /** What the entry's own full URL begins with where that is RESTful: relative links begin there too. */
  readonly base: string | undefined;
}

/** A copy of a body with its links replaced by those to the records that they mean. */
export function resolveReferences(body: unknown, type: string, { links, found, base }: Resolved): unknown {
  return bodyRelinked(body, type, ({ text, kind }) => {
    const conditional = kind === 'reference' ? found.get(text) : undefined;
    return conditional ?? targetOf(text, links, base) ?? text;
  });
}

/** A reference to a version stays one, to the version that the transaction leaves; a part of a record stays that part. */
function targetOf(text: string, links: Links, base?: string): string | undefined {
  const whole = links.get(text);
  if (whole) return whole.record;
  const [, main = '', history, part = ''] = PARTS.exec(text) ?? [];
  const relative = base !== undefined && RELATIVE.test(main) ? links.get(base + main) : undefined;
  const target = links.get(main) ?? relative;
  return target && `${target.record}${history === undefined ? '' : `/_history/${target.version}`}${part}`;
}

/**
 * The same with references to records of this server made relative: whose chart a record is in is read from them, and to
 * which questionnaire answers are.
 */
export function localReferences<T>(body: T, type: string, baseUrl: string): T {
  const prefix = `${baseUrl}/`;
  let local = false;
  const relative = bodyRelinked(body, type, ({ text, kind }) => {
    if (kind !== 'reference' || !text.startsWith(prefix)) return text;
    local = true;
    return text.slice(prefix.length);
  });
  return withLocalQuestionnaire(local ? (relative as T) : body, prefix);
}

function withLocalQuestionnaire<T>(body: T, prefix: string): T {
  if (typeof body !== 'object' || body === null) return body;
  const { resourceType, questionnaire } = body as Partial<QuestionnaireResponse>;
  if (resourceType !== 'QuestionnaireResponse' || typeof questionnaire !== 'string') return body;
  return questionnaire.startsWith(prefix) ? { ...body, questionnaire: questionnaire.slice(prefix.length) } : body;
}
