// How long a search over all of ICD-10-CM takes, letter by letter as typed, and what a reload costs others.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '#store/embedded/database.ts';
import { openStore } from '#store/postgres.ts';
import { importTerms } from '#terms/import.ts';
import { LoadedTerms } from '#terms/loaded.ts';
import { searchTerms } from '#terms/search.ts';
import { ensureStarter } from '#terms/starter.ts';
import { noteUse } from '#terms/uses.ts';
import { ICD10CM } from '#kit/systems.ts';
import { samples } from '../test/support/samples.ts';
import { percentile } from './support/place.ts';

const { folder, missing } = samples('terms');
const FILE = fileURLToPath(new URL('icd10cm-2026.tsv.br', folder));

/** What is typed; each beginning of each is a search. */
// biome-ignore format: a table is read by its rows
const TYPED = [
  'hypertension', 'type 2 diabetes ckd', 'HTN', 'knee pain left', 'low back pain', 'E11.65', 'I10', 'copd exacerbation',
  'uti', 'depression moderate', 'fracture of right wrist', 'sprain ankle', 'acute bronchitis', 'chest pain', 'diabetic foot ulcer',
  'encounter for screening', 'initial encounter closed fracture', 'subsequent encounter', 'without complications', 'unspecified',
  'malignant neoplasm breast', 'lung cancer', 'well child', 'annual physical', 'hepatitis c', 'r knee oa', 'dm2 neuropathy',
  'S93.401A', 'laceration finger', 'migraine aura', 'hypretension', 'pneumonia', 'otitis media', 'anxiety', 'obesity class 2',
];
const ROUNDS = 5;
/** Codes that the site has used, so that their counts take part. */
const USED = 500;

export async function run(): Promise<void> {
  if (missing) return console.log(`terms: skipped: ${missing}`);
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-bench-'));
  const database = await openDatabase({ dataFolder: join(folder, 'data') });
  const store = await openStore(database.connection);
  try {
    await measure(new LoadedTerms(store.pool));
  } finally {
    await store.close();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(terms: LoadedTerms): Promise<void> {
  await ensureStarter(terms);
  await withDelay('import', async () => {
    const { rows } = await importTerms(terms, { system: ICD10CM, file: FILE });
    return `${rows} terms`;
  });
  for (const { code } of await searchTerms(terms, { system: ICD10CM, query: 'unspecified', limit: USED })) {
    await noteUse(terms, ICD10CM, code);
  }
  terms.forget(ICD10CM);
  await withDelay('first search, which reads the edition into memory', async () => {
    const [first] = await searchTerms(terms, { system: ICD10CM, query: 'hypert' });
    return `${first?.code} first`;
  });

  const queries = TYPED.flatMap((text) => Array.from(text, (_, last) => text.slice(0, last + 1)));
  const times: number[] = [];
  let slowest = { query: '', ms: 0 };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const query of queries) {
      const start = performance.now();
      await searchTerms(terms, { system: ICD10CM, query });
      const ms = performance.now() - start;
      if (round === 0) continue;
      times.push(ms);
      if (ms > slowest.ms) slowest = { query, ms };
    }
  }
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  console.log(
    `search, ${queries.length} queries ${ROUNDS} times: p50 ${p50.toFixed(2)} ms (aim 10), p99 ${p99.toFixed(2)} ms (aim 30)`,
  );
  console.log(`slowest: "${slowest.query}" ${slowest.ms.toFixed(2)} ms`);
}

/** Prints how long work took, and the longest that it kept the process from anything else. */
async function withDelay(what: string, work: () => Promise<string>): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  const done = await work();
  const ms = performance.now() - start;
  delay.disable();
  console.log(`${what}: ${done}, ${ms.toFixed(0)} ms; others waited at most ${(delay.max / 1e6).toFixed(0)} ms`);
}

if (import.meta.main) await run();
