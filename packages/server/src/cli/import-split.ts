// Splits a transaction that is too large for one request. Its records get the ids of their urn:uuid names, so that references
// work across the parts; but it is no longer all or nothing.

import type { Bundle, BundleEntry } from '@medplum/fhirtypes';
import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';

const PART = 4 * 1024 * 1024;
const URN = /^urn:uuid:([0-9a-f-]{36})$/i;

/** The parts, in order; undefined when an entry is other than a plain creation under a urn:uuid, or an update by id. */
export function splitTransaction(bundle: Bundle): Bundle[] | undefined {
  if (bundle.type !== 'transaction') return undefined;
  const names = new Map<string, string>();
  const entries: BundleEntry[] = [];
  for (const { fullUrl, resource, request } of bundle.entry ?? []) {
    const uuid = URN.exec(fullUrl ?? '')?.[1];
    if (!resource || !request || request.ifNoneExist || request.ifMatch) return undefined;
    if (request.method === 'POST' && uuid) {
      const id = uuid.toLowerCase();
      names.set(`urn:uuid:${id}`, `${resource.resourceType}/${id}`);
      entries.push({
        resource: { ...resource, id },
        request: { method: 'PUT', url: `${resource.resourceType}/${id}` },
      });
    } else if (request.method === 'PUT' && resource.id && !request.url?.includes('?')) {
      if (uuid) names.set(fullUrl!.toLowerCase(), `${resource.resourceType}/${resource.id}`);
      entries.push({ resource, request });
    } else return undefined;
  }
  return partsOf(entries.map((entry) => named(printJson(entry), names)));
}

/** The entry with every urn:uuid that the bundle defines replaced by its reference. */
function named(json: string, names: ReadonlyMap<string, string>): string {
  return json.replaceAll(/"(urn:uuid:[0-9a-f-]{36})"/gi, (whole, urn: string) => {
    const reference = names.get(urn.toLowerCase());
    return reference === undefined ? whole : `"${reference}"`;
  });
}

function partsOf(entries: readonly string[]): Bundle[] {
  const parts: Bundle[] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const json of entries) {
    if (size + json.length > PART) {
      parts.push({ resourceType: 'Bundle', type: 'transaction', entry: [] });
      size = 0;
    }
    parts.at(-1)!.entry!.push(parseJson(json) as BundleEntry);
    size += json.length;
  }
  return parts;
}
