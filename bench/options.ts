// How long a clinician waits for options: a search over all of ICD-10-CM, letter by letter as typed, with two plugins changing
// the results.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Clinic, openClinic } from './support/clinic.ts';
import { samples } from '../test/support/samples.ts';
import { percentile } from './support/place.ts';

const { folder, missing } = samples('terms');
const FILE = fileURLToPath(new URL('icd10cm-2026.tsv.br', folder));

const PER_SECOND = 20;
/** What is typed; each beginning of each is a search. */
// biome-ignore format: a table is read by its rows
const TYPED = [
  'hypertension', 'type 2 diabetes ckd', 'HTN', 'knee pain left', 'low back pain', 'E11.65', 'copd exacerbation',
  'depression moderate', 'fracture of right wrist', 'acute bronchitis', 'chest pain', 'diabetic foot ulcer',
  'encounter for screening', 'initial encounter closed fracture', 'unspecified', 'malignant neoplasm breast',
  'well child', 'annual physical', 'hepatitis c', 'dm2 neuropathy', 'S93.401A', 'migraine aura', 'hypretension',
];

const ANNOTATES = `
import { annotate, BaseProtocol, EventType } from 'chartwire/sdk';

export class Annotates extends BaseProtocol.on(EventType.DIAGNOSE__DIAGNOSE__POST_SEARCH) {
  compute() {
    return this.event.context.results.slice(0, 10).map(({ value }) => annotate(value, 'HCC 18'));
  }
}`;

const PROMOTES = `
import { BaseProtocol, EventType, promote } from 'chartwire/sdk';

export class Promotes extends BaseProtocol.on(EventType.DIAGNOSE__DIAGNOSE__POST_SEARCH) {
  compute() {
    const { results } = this.event.context;
    return [promote(...results.filter(({ value }) => value.startsWith('E11')).map(({ value }) => value))];
  }
}`;

export async function run(): Promise<void> {
  if (missing) return console.log(`options: skipped: ${missing}`);
  const clinic = await openClinic();
  try {
    const { rows } = await clinic.importTerms('icd10cm', readFileSync(FILE));
    console.log(`${rows} terms imported`);
    const search = await diagnoseSearch(clinic);
    const requests = TYPED.flatMap((text) => Array.from(text, (_, last) => search(text.slice(0, last + 1))));
    const timed = () => clinic.send(requests, { connections: 8, perSecond: PER_SECOND });
    await timed();
    const alone = await timed();
    await clinic.install('annotates', ANNOTATES);
    await clinic.install('promotes', PROMOTES);
    const { items } = await clinic.ask('GET', search('diabetes').path);
    if (!items.some(({ annotations }: { annotations?: string[] }) => annotations?.length)) {
      throw new Error('the plugins did not take part');
    }
    await timed();
    const asked = await timed();
    const nothing = requests.map(() => ({ method: 'GET' as const, path: '/healthz' }));
    print('a request that does nothing', await clinic.send(nothing, { connections: 8, perSecond: PER_SECOND }), '');
    print(`options, ${requests.length} searches, ${PER_SECOND} a second, no plugin`, alone, '');
    print('two plugins asked after each', asked, ' (aim p50 10, p99 30)');
  } finally {
    await clinic.close();
  }
}

async function diagnoseSearch(clinic: Clinic) {
  const { id: patient } = await clinic.ask('POST', '/fhir/R4/Patient', {
    resourceType: 'Patient',
    birthDate: '1960-02-01',
  });
  const note = await clinic.ask('POST', '/api/notes', { patient });
  const { id } = await clinic.ask('POST', `/api/notes/${note.id}/commands`, { command: 'diagnose' });
  return (query: string) => ({
    method: 'GET' as const,
    path: `/api/commands/${id}/fields/diagnose/options?query=${encodeURIComponent(query)}`,
  });
}

function print(what: string, { ms, cpuMs }: { ms: readonly number[]; cpuMs: number }, aim: string): void {
  const p = (share: number): string => percentile(ms, share).toFixed(1);
  console.log(`${what}: p50 ${p(0.5)}, p99 ${p(0.99)} ms${aim}; ${cpuMs.toFixed(2)} ms of the server’s CPU each`);
}

if (import.meta.main) await run();
