// Bundles that answer: searchsets and histories, with their links.

import type { Bundle, BundleEntry, BundleLink, OperationOutcome } from '@medplum/fhirtypes';
import { JsonText } from '@chartwire/sdk/internal/kit/json/print';
import type { StoredVersion } from '#store/contract.ts';
import { etag } from '../headers.ts';
import { type Served, servedVersion } from '../interaction.ts';
import { statusLine } from '../status.ts';

export interface SearchsetParts {
  readonly baseUrl: string;
  readonly matches: readonly Listed[];
  readonly included: readonly Listed[];
  readonly total?: number | undefined;
  /** Details of how it was searched. */
  readonly outcome?: OperationOutcome | undefined;
  readonly links: Links;
}

/** A record as stored: its JSON text is embedded unchanged. */
export type Listed = Readonly<Record<'type' | 'id' | 'text', string>>;

/** Absolute URLs. */
export interface Links {
  readonly self: string;
  readonly next?: string | undefined;
}

export function searchset(parts: SearchsetParts): Bundle {
  const entryOf = ({ type, id, text }: Listed, mode: 'match' | 'include'): BundleEntry => ({
    fullUrl: `${parts.baseUrl}/${type}/${id}`,
    ...withResource(new JsonText(text)),
    search: { mode },
  });
  const entry = [
    ...parts.matches.map((record) => entryOf(record, 'match')),
    ...parts.included.map((record) => entryOf(record, 'include')),
    ...(parts.outcome ? [{ resource: parts.outcome, search: { mode: 'outcome' as const } }] : []),
  ];
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(parts.total === undefined ? {} : { total: parts.total }),
    link: linksOf(parts.links),
    // An empty array is not FHIR: an element without values is left out.
    ...(entry.length > 0 ? { entry } : {}),
  };
}

export function historyBundle(baseUrl: string, versions: readonly StoredVersion[], links: Links): Bundle {
  const entry = versions.map((version) => historyEntry(baseUrl, version));
  return { resourceType: 'Bundle', type: 'history', link: linksOf(links), ...(entry.length > 0 ? { entry } : {}) };
}

/** Which interaction made a version is not kept; version 1 reads as a create, each later one as an update or a delete. */
function historyEntry(baseUrl: string, stored: StoredVersion): BundleEntry {
  const { type, id, version, deleted, at } = stored;
  const method = deleted ? 'DELETE' : version === 1 ? 'POST' : 'PUT';
  return {
    fullUrl: `${baseUrl}/${type}/${id}`,
    ...withResource(servedVersion(stored)),
    request: { method, url: method === 'POST' ? type : `${type}/${id}` },
    response: {
      status: statusLine({ POST: 201, PUT: 200, DELETE: 204 }[method]),
      etag: etag(version),
      lastModified: at,
    },
  };
}

/** The resource of an entry. FHIR's types treat stored text as its resource. */
export function withResource(served: Served | undefined): Pick<BundleEntry, 'resource'> {
  return served ? { resource: served as BundleEntry['resource'] & {} } : {};
}

function linksOf({ self, next }: Links): BundleLink[] {
  return [{ relation: 'self', url: self }, ...(next === undefined ? [] : [{ relation: 'next', url: next }])];
}
