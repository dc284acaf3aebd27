// Records that are named by a canonical: by url, or by url and version (`url|version`).
// https://hl7.org/fhir/R4/references.html#canonical

import type { ExtractResource, Resource } from '@medplum/fhirtypes';

export type CanonicalType = 'Questionnaire' | 'ValueSet';

/** Where to look for records. */
export interface Finder {
  read<T extends CanonicalType>(type: T, id: string): Promise<ExtractResource<T> | undefined>;
  /** Records with a url, and with a version if given. */
  named<T extends CanonicalType>(type: T, url: string, version?: string): Promise<readonly ExtractResource<T>[]>;
}

/** What a draft and a chart reader have in common. */
interface Searching {
  search<T extends CanonicalType>(type: T, query: string): Promise<readonly ExtractResource<T>[]>;
}

/** Of several records with the url, prefers an active one, and among those the latest. `Type/id` finds the record by its id. */
export async function findCanonical<T extends CanonicalType>(
  finder: Finder,
  type: T,
  canonical: string,
): Promise<ExtractResource<T> | undefined> {
  const bar = canonical.lastIndexOf('|');
  const url = bar < 0 ? canonical : canonical.slice(0, bar);
  // An empty result means none.
  const version = bar < 0 ? undefined : canonical.slice(bar + 1) || undefined;
  if (url === '') return undefined;
  if (!url.startsWith(`${type}/`)) {
    const found = await finder.named(type, url, version);
    return found.find((one) => namesOf(one).status === 'active') ?? found[0];
  }
  const id = url.slice(type.length + 1);
  const found = /^[A-Za-z0-9\-.]{1,64}$/.test(id) ? await finder.read(type, id) : undefined;
  return found && isNamed(found, undefined, version) ? found : undefined;
}

/** Whether a record has the url and version, if given. */
export function isNamed(record: Resource, url: string | undefined, version: string | undefined): boolean {
  const own = namesOf(record);
  return (url === undefined || own.url === url) && (version === undefined || own.version === version);
}

function namesOf(record: Resource): { readonly url?: string; readonly version?: string; readonly status?: string } {
  return record as Extract<Resource, { resourceType: CanonicalType }>;
}

/** `named` of a finder, by a FHIR search. */
export function searchNamed<T extends CanonicalType>(
  searching: Searching,
  type: T,
  url: string,
  version?: string,
): Promise<readonly ExtractResource<T>[]> {
  const wanted = version === undefined ? '' : `&version=${escaped(version)}`;
  return searching.search(type, `url=${escaped(url)}${wanted}&_sort=-_lastUpdated&_count=20`);
}

/** A value in a query. https://hl7.org/fhir/R4/search.html#escaping */
function escaped(value: string): string {
  return encodeURIComponent(value.replace(/[,|$\\]/g, '\\$&'));
}
