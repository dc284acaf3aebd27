// Parts of a record, for `_summary` and `_elements`: https://hl7.org/fhir/R4/search.html#summary

import type { Resource } from '@medplum/fhirtypes';
import { fromEntriesOf } from '@chartwire/sdk/internal/kit/json/literals';
import { schemaOf } from './schema.ts';
import { refuse } from './search-criterion.ts';

export interface Parts {
  readonly summary?: 'true' | 'text' | 'data' | 'count' | undefined;
  readonly elements?: readonly string[] | undefined;
}

/** Throws `search.parameter`. */
export function readSummary(value: string | undefined): Parts['summary'] {
  switch (value) {
    case undefined:
    case 'false':
      return undefined;
    case 'true':
    case 'text':
    case 'data':
    case 'count':
      return value;
    default:
      return refuse('_summary', 'it is true, text, data, count or false');
  }
}

export function readElements(value: string | undefined): Parts['elements'] {
  return value?.split(',').filter((name) => /^\w+$/.test(name));
}

const SUBSETTED = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };

/** The record with only the requested and the mandatory elements, tagged as a subset. */
export function subset<T extends Resource>(resource: T, { summary, elements }: Parts): T {
  const schema = schemaOf(resource.resourceType);
  const wanted = new Set<string>([
    'resourceType',
    'id',
    'meta',
    ...(schema?.mandatoryProperties ?? []),
    ...(elements ?? []),
  ]);
  if (summary === 'true') for (const name of schema?.summaryProperties ?? []) wanted.add(name);
  if (summary === 'text') wanted.add('text');
  const choices = [...wanted].filter((name) => schema?.elements[`${name}[x]`]);
  const isWanted = (key: string): boolean => {
    const name = key.replace(/^_/, '');
    if (summary === 'data' && !elements) return name !== 'text';
    return wanted.has(name) || choices.some((choice) => new RegExp(`^${choice}[A-Z]`).test(name));
  };
  const kept = fromEntriesOf(
    resource,
    Object.entries(resource).filter(([key]) => isWanted(key)),
  );
  const tag = [...(resource.meta?.tag ?? []), SUBSETTED];
  // Still of its type, less complete: the tag says so.
  return { ...kept, meta: { ...resource.meta, tag } } as T;
}
