// References inside a transaction: to its own entries (`urn:uuid:...`) and by criteria (`Patient?identifier=...`).

import type { Fault } from '#kit/errors.ts';

/** What a text that refers stands for once every entry has an id: full URLs and criteria, to `Patient/1`. */
export type Links = ReadonlyMap<string, string>;

/**
 * Elements that hold no link to another entry even when they hold its text: identifiers, the identity of a definition,
 * addresses of attachments, names of extensions, narrative.
 */
const NOT_LINKS = new Set([
  'value',
  'url',
  'system',
  'fullUrl',
  'id',
  'div',
  'valueString',
  'valueMarkdown',
  'valueUrl',
]);

const CONDITIONAL = /^([A-Z][A-Za-z]+)\?(.+)$/;
const RELATIVE = /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/;

/** `Patient?identifier=x` as its type and criteria; undefined for other references. */
export function readConditionalReference(text: string): { type: string; criteria: string } | undefined {
  const match = CONDITIONAL.exec(text);
  return match ? { type: match[1]!, criteria: match[2]! } : undefined;
}

/** The conditional references in a resource, or in the values of a patch, each once. */
export function conditionalReferencesIn(value: unknown): string[] {
  const found = new Set<string>();
  walk(value, '', '', (text, name) => {
    if (name === 'reference' && CONDITIONAL.test(text)) found.add(text);
    return text;
  });
  return [...found];
}

/** What a resource refers to with a `urn:uuid:` that no entry of its bundle has. */
export function danglingIn(value: unknown, links: Links): Fault[] {
  const faults: Fault[] = [];
  walk(value, '', '', (text, name, path) => {
    if (name === 'reference' && text.startsWith('urn:uuid:') && !links.has(text)) {
      faults.push({ path, message: 'It refers to a fullUrl that no entry of the bundle has.', issue: 'not-found' });
    }
    return text;
  });
  return faults;
}

/**
 * A copy of `value` (a resource, or a list of patch operations) with its links replaced: `Reference.reference`, and uri
 * and canonical elements whose whole text is a full URL of the bundle. `base` is what the entry's own full URL begins
 * with where that is RESTful: relative references begin there too (http://hl7.org/fhir/R4/bundle.html#references).
 */
export function resolveReferences(value: unknown, links: Links, base?: string): unknown {
  return walk(value, '', '', (text, name) => {
    if (name !== 'reference') return NOT_LINKS.has(name) ? text : (links.get(text) ?? text);
    return links.get(text) ?? (base !== undefined && RELATIVE.test(text) ? links.get(base + text) : undefined) ?? text;
  });
}

/** The same with references to records of this server made relative: whose chart a record is in is read from them. */
export function localReferences<T>(value: T, baseUrl: string): T {
  const prefix = `${baseUrl}/`;
  let local = false;
  const relative = walk(value, '', '', (text, name) => {
    if (name !== 'reference' || !text.startsWith(prefix)) return text;
    local = true;
    return text.slice(prefix.length);
  });
  return local ? (relative as T) : value;
}

/** A copy with every text put through `replace`, which hears the name of its element and the path to it. */
function walk(
  value: unknown,
  name: string,
  path: string,
  replace: (text: string, name: string, path: string) => string,
): unknown {
  if (typeof value === 'string') return replace(value, name, path);
  if (Array.isArray(value)) return value.map((item, index) => walk(item, name, `${path}[${index}]`, replace));
  if (typeof value !== 'object' || value === null) return value;
  // A bundle that is kept as a record has links of its own.
  if ('resourceType' in value && value.resourceType === 'Bundle') return value;
  const copy: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value))
    copy[key] = walk(child, key, path === '' ? key : `${path}.${key}`, replace);
  return copy;
}
