// Whole lives of synthetic patients, posted as they come and read back as they were.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { Bundle } from '@medplum/fhirtypes';
import { parseJson } from '#kit/json/parse.ts';
import { printJson } from '#kit/json/print.ts';
import { type Loose, startFhirServer } from '../support/fhir-server.ts';
import { samples } from '../support/samples.ts';

const { folder: FOLDER, missing } = samples('synthea');
const files = missing ? [] : readdirSync(FOLDER).filter((name) => name.endsWith('.json.gz'));

const server = files.length > 0 ? await startFhirServer() : undefined;

test('there are Synthea bundles to post', { skip: missing }, () => {
  assert.ok(files.length > 0, 'CHARTWIRE_SAMPLES has no bundles');
});

for (const file of files) {
  test(`${file} posts as one transaction and reads back equal, entry by entry`, async () => {
    // Synthea writes numbers as JavaScript does: half of them are made more exact here, as laboratories write them.
    const whole = gunzipSync(readFileSync(new URL(file, FOLDER))).toString('utf8');
    const raw = whole.replace(/("value"\s*:\s*)(-?\d+)(\.\d+)?(?=[,}\s])/g, (_, name, digits, fraction = '.') =>
      Number(digits) % 2 === 0 ? `${name}${digits}${fraction}0` : `${name}${digits}${fraction === '.' ? '' : fraction}`,
    );
    const sent = parseJson(raw) as Bundle;
    const reply = await server!.send('POST', '', { raw });
    assert.equal(reply.status, 200, reply.text.slice(0, 2000));
    const references = reply.body.entry.map(({ response }: Loose) =>
      response.location.split('/').slice(-4, -2).join('/'),
    );

    // What each full URL became, and then the bundle as it should be stored. The test's own way, by text.
    const links = new Map(sent.entry!.map(({ fullUrl }, index) => [fullUrl!, references[index]]));
    const text = printJson(sent.entry).replace(/"reference":"(urn:uuid:[^"]+)"/g, (whole, urn) =>
      links.has(urn) ? `"reference":"${links.get(urn)}"` : whole,
    );
    const expected = parseJson(text) as Loose[];
    for (const [index, { resource }] of expected.entries()) {
      const read = await server!.send('GET', references[index]);
      assert.deepEqual(comparable(parseJson(read.text)), comparable(resource), `${file} entry ${index}`);
    }

    const patient = references.find((reference: string) => reference.startsWith('Patient/')).slice('Patient/'.length);
    const chart = await server!.send('GET', `Patient/${patient}/$everything`);
    const outside = expected.filter(({ resource }) =>
      ['Organization', 'Practitioner', 'Location'].includes(resource.resourceType),
    );
    assert.equal(chart.body.total, expected.length - outside.length);
  });
}

/** Without what the server gives: the id, and its part of meta. */
function comparable({ id: _id, meta, ...rest }: Loose): Loose {
  const { versionId: _versionId, lastUpdated: _lastUpdated, ...kept } = meta ?? {};
  return { ...rest, ...(Object.keys(kept).length > 0 ? { meta: kept } : {}) };
}
