// Bundles that answer: searchsets and histories, with their links.

import type { Bundle, BundleEntry, BundleLink, OperationOutcome, Resource } from '@medplum/fhirtypes';
import type { StoredVersion } from '#store/contract.ts';
import { etag } from '../headers.ts';
import { statusLine } from '../status.ts';

export interface SearchsetParts {
  readonly baseUrl: string;
  readonly matches: readonly Resource[];
  readonly included: readonly Resource[];
  readonly total?: number | undefined;
  /** What there is to say of how it was searched. */
  readonly outcome?: OperationOutcome | undefined;
  readonly links: Links;
}

/** Absolute URLs. */
export interface Links {
  readonly self: string;
  readonly next?: string | undefined;
}

export function searchset(parts: SearchsetParts): Bundle {
  const entryOf = (resource: Resource, mode: 'match' | 'include'): BundleEntry => ({
    fullUrl: `${parts.baseUrl}/${resource.resourceType}/${resource.id}`,
    resource,
    search: { mode },
  });
  const entry = [
    ...parts.matches.map((resource) => entryOf(resource, 'match')),
    ...parts.included.map((resource) => entryOf(resource, 'include')),
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
function historyEntry(baseUrl: string, { type, id, version, deleted, at, resource }: StoredVersion): BundleEntry {
  const method = deleted ? 'DELETE' : version === 1 ? 'POST' : 'PUT';
  return {
    fullUrl: `${baseUrl}/${type}/${id}`,
    ...(resource ? { resource } : {}),
    request: { method, url: method === 'POST' ? type : `${type}/${id}` },
    response: {
      status: statusLine({ POST: 201, PUT: 200, DELETE: 204 }[method]),
      etag: etag(version),
      lastModified: at,
    },
  };
}

function linksOf({ self, next }: Links): BundleLink[] {
  return [{ relation: 'self', url: self }, ...(next === undefined ? [] : [{ relation: 'next', url: next }])];
}
