// A place to measure in: an embedded server in a temporary folder, a core on it, and a thousand patients.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Observation, Patient } from '@medplum/fhirtypes';
import type { ClientConfig } from 'pg';
import { SYSTEM } from '#kit/authority.ts';
import { packPlugin } from '#plugin-host/package.ts';
import { openDatabase } from '#store/embedded/database.ts';
import { type Core, openCore } from '#app.ts';

export interface Place {
  readonly connection: ClientConfig;
  readonly core: Core;
  readonly dataFolder: string;
  close(): Promise<void>;
}

export const PATIENTS = 1_000;

export const ORIGIN = { actor: { type: 'system', id: 'bench' }, source: 'system', authority: SYSTEM } as const;

export async function openPlace(options: { allowPrivateHttp?: string[] } = {}): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-bench-'));
  const dataFolder = join(folder, 'data');
  const database = await openDatabase({ dataFolder });
  const core = await openCore(database.connection, { node: 'bench', ...options });
  await core.run();
  await core.chart.withChart(ORIGIN, async (draft) => {
    for (let n = 1; n <= PATIENTS; n++) draft.create(patient(n));
  });
  return {
    connection: database.connection,
    core,
    dataFolder,
    async close() {
      await core.close();
      await database.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function patient(n: number): Patient {
  return {
    resourceType: 'Patient',
    id: `p${n}`,
    name: [{ family: `Bench${n}`, given: ['Ada'] }],
    birthDate: '1980-05-17',
  };
}

/** Installs bench/plugins/<name>. */
export async function installBenchPlugin(place: Place, name: 'observer' | 'latency' | 'effects'): Promise<void> {
  const folder = fileURLToPath(new URL(`../plugins/${name}/`, import.meta.url));
  await place.core.plugins.install(name, await packPlugin(folder), () => {});
}

/** A heart rate as a monitor would send it. */
export function observation(n: number): Observation {
  return {
    resourceType: 'Observation',
    status: 'final',
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
    ],
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }] },
    subject: { reference: `Patient/p${1 + (n % PATIENTS)}` },
    effectiveDateTime: '2026-01-15T09:30:00Z',
    valueQuantity: { value: 60 + (n % 40), unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
  };
}

/** Runs `work` over and over by `lanes` side by side for `seconds`; how often a second it ended. */
export async function throughput(
  lanes: number,
  seconds: number,
  work: (n: number) => Promise<unknown>,
): Promise<number> {
  const start = performance.now();
  const end = start + seconds * 1_000;
  let done = 0;
  let next = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (performance.now() < end) {
        await work(next++);
        done++;
      }
    }),
  );
  return (done / (performance.now() - start)) * 1_000;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** One line of a benchmark: a ratio against its limit, measured in the same run. */
export function printRatio(what: string, value: number, limit: number, aim: number, unit: string): void {
  const ratio = value / limit;
  const verdict = ratio >= aim ? 'reached' : 'below';
  console.log(
    `${what}: ${value.toFixed(0)} of ${limit.toFixed(0)} ${unit} = ${ratio.toFixed(2)} (aim ${aim}: ${verdict})`,
  );
}
