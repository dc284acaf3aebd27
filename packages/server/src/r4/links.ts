// Where a record can link to another: Reference.reference, elements of type uri, url, oid and uuid, and what a narrative
// shows or leads to. https://hl7.org/fhir/R4/http.html#trules

import { fromEntriesOf, keepLiterals } from '@chartwire/sdk/internal/kit/json/literals';
import { withAddresses } from './narrative.ts';
import { isResourceType } from './resource-types.ts';
import { schemaOf } from './schema.ts';

export interface Link {
  readonly text: string;
  /** `address`: a uri, url, oid or uuid, or a link of the narrative. */
  readonly kind: 'reference' | 'address';
  /** FHIRPath from the value that was walked, without a dot at its beginning. */
  readonly path: string;
}

/** What a link becomes: itself, or another text. */
export type Relink = (link: Link) => string;

const ADDRESSES: ReadonlySet<string> = new Set(['uri', 'url', 'oid', 'uuid']);

/** Of type uri, but names: of systems, of types, of the definition that the record itself is. A name leads nowhere. */
const NAMES: ReadonlySet<string> = new Set([
  ...['Extension.url', 'Reference.type', 'Meta.project', 'StructureDefinition.type', 'ElementDefinitionType.code'],
  ...['ConceptMapGroup.source', 'ConceptMapGroup.target', 'CodeSystemProperty.uri'],
]);

/** A JSON property of a type: the type of what it holds, and the step of a path that leads there. */
interface Property {
  readonly type: string;
  readonly step: string;
  readonly kind: Link['kind'] | 'narrative' | undefined;
}

const properties = new Map<string, ReadonlyMap<string, Property>>();

function propertiesOf(type: string): ReadonlyMap<string, Property> {
  let found = properties.get(type);
  if (!found) {
    found = new Map(
      Object.entries(schemaOf(type)?.elements ?? {}).flatMap(([path, element]) => {
        const name = path.replace('[x]', '');
        return element.type.flatMap(({ code }): [string, Property][] => {
          const choice = path !== name;
          const key = choice ? name + code[0]!.toUpperCase() + code.slice(1) : name;
          const step = choice ? `${name}.ofType(${code})` : name;
          const own: [string, Property] = [key, { type: code, step, kind: kindOf(type, name, code) }];
          return /^[a-z]/.test(code) ? [own, [`_${key}`, { type: 'Element', step, kind: undefined }]] : [own];
        });
      }),
    );
    properties.set(type, found);
  }
  return found;
}

function kindOf(type: string, name: string, code: string): Property['kind'] {
  if (type === 'Reference' && name === 'reference') return 'reference';
  if (code === 'xhtml') return 'narrative';
  if (!ADDRESSES.has(code) || name === 'system' || NAMES.has(`${type}.${name}`)) return undefined;
  return name === 'url' && isResourceType(type) ? undefined : 'address';
}

/**
 * A copy of a value with its links changed by `relink`. `type` is the value's type; a resource states its own. Leaves alone what
 * doesn't match its type, and a bundle stored as a record, which has links of its own.
 */
export function relinked(value: unknown, type: string, relink: Relink): unknown {
  return walk(value, type, '', relink);
}

function walk(value: unknown, type: string, path: string, relink: Relink): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item, index) => walk(item, type, `${path}[${index}]`, relink));
    return keepLiterals(items, value);
  }
  if (typeof value !== 'object' || value === null) return value;
  const own = resourceTypeOf(value) ?? type;
  if (own === 'Bundle') return value;
  const known = propertiesOf(own);
  const copy: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) {
    const property = known.get(key);
    copy[key] = property ? follow(child, property, path, relink) : child;
  }
  return keepLiterals(copy, value);
}

function follow(value: unknown, { type, step, kind }: Property, parent: string, relink: Relink): unknown {
  const path = parent === '' ? step : `${parent}.${step}`;
  if (kind === undefined) return walk(value, type, path, relink);
  if (Array.isArray(value)) {
    return value.map((one, index) =>
      typeof one === 'string' ? relink({ text: one, kind: 'address', path: `${path}[${index}]` }) : one,
    );
  }
  if (typeof value !== 'string') return value;
  if (kind !== 'narrative') return relink({ text: value, kind, path });
  return withAddresses(value, (text) => relink({ text, kind: 'address', path }));
}

function resourceTypeOf(value: object): string | undefined {
  const type = 'resourceType' in value ? value.resourceType : undefined;
  return isResourceType(type) ? type : undefined;
}

/** A copy of the value that a JSON Patch puts at a pointer of a record of `type`, with its links as `relink` wants them. */
export function relinkedAt(value: unknown, type: string, pointer: string, relink: Relink): unknown {
  let at: Property = { type, step: '', kind: undefined };
  const keys = pointer
    .split('/')
    .slice(1)
    .filter((key) => !/^(?:\d+|-)$/.test(key));
  let left = keys.length;
  for (const key of keys) {
    const next = propertiesOf(at.type).get(key);
    if (!next) break;
    at = next;
    left--;
  }
  // Which type a contained resource has, neither its pointer nor a part of it says. A Bundle's have links of their own.
  if (at.type === 'Resource' && type !== 'Bundle') return relinkedByName(value, keys.at(-1)!, 'value', relink);
  return left === 0 ? follow(value, { ...at, step: 'value' }, '', relink) : value;
}

/** A copy of a value of an unknown type, which `key` holds: every text called `reference` in it is a reference. */
function relinkedByName(value: unknown, key: string, path: string, relink: Relink): unknown {
  if (typeof value === 'string') return key === 'reference' ? relink({ text: value, kind: 'reference', path }) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item, index) => relinkedByName(item, '', `${path}[${index}]`, relink));
    return keepLiterals(items, value);
  }
  const own = resourceTypeOf(value);
  if (own !== undefined) return walk(value, own, path, relink);
  const entries = Object.entries(value).map(([name, child]) => {
    return [name, relinkedByName(child, name, `${path}.${name}`, relink)] as const;
  });
  return fromEntriesOf(value, entries);
}

/** The path of the first reference that says `reference`: `Observation.subject.reference`. */
export function pathOfReference(resource: { readonly resourceType: string }, reference: string): string | undefined {
  let found: string | undefined;
  relinked(resource, resource.resourceType, ({ text, kind, path }) => {
    if (kind === 'reference' && text === reference) found ??= `${resource.resourceType}.${path}`;
    return text;
  });
  return found;
}
