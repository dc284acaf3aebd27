// The Synthea bundles, where CHARTWIRE_SAMPLES has them: the records of made-up patients.

import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { samples } from '../support/samples.ts';

const { folder, missing } = samples('synthea');

/** Why a test that needs them is skipped; false when it is not. */
export const withoutSynthea = missing;

/** Transactions as Synthea writes them. */
export function syntheaBundles(): Bundle[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json.gz'))
    .sort()
    .map((name) => JSON.parse(gunzipSync(readFileSync(new URL(name, folder))).toString()) as Bundle);
}

/** Their records once each, with references as they are after the transactions: `urn:uuid:...` resolved. */
export function syntheaRecords(): (Resource & { id: string })[] {
  const records = new Map<string, Resource & { id: string }>();
  for (const bundle of syntheaBundles()) {
    const names = new Map(
      bundle.entry!.map(({ fullUrl, resource }) => [fullUrl!, `${resource!.resourceType}/${resource!.id}`]),
    );
    const text = JSON.stringify(bundle.entry!.map(({ resource }) => resource));
    const resolved = text.replace(/"(urn:uuid:[0-9a-f-]{36})"/g, (whole, url: string) =>
      names.has(url) ? `"${names.get(url)}"` : whole,
    );
    for (const record of JSON.parse(resolved) as (Resource & { id: string })[])
      records.set(`${record.resourceType}/${record.id}`, record);
  }
  return [...records.values()];
}
