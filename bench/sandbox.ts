// The sandbox against a direct call that copies by JSON, which is the least that keeps a plugin's hands off the server's
// objects: calls a second with one plugin and with ten, what one more plugin costs, and what plugins that work notice of
// others that attack.

import { randomFillSync } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import type { DiagnosticReport, Patient, Resource } from '@medplum/fhirtypes';
import type { EventEnvelope } from '#kit/event.ts';
import { uuidv7 } from '#kit/ids.ts';
import { buildPlugin } from '#plugin-host/build.ts';
import type { HandlerResult, PluginBuild, PluginHost } from '#plugin-host/contract.ts';
import { createPluginHost } from '#plugin-host/host.ts';

const IN_FLIGHT = 100;
const CALLS = 20_000;
const ROUNDS = 5;

/** One read, a look at it, one effect. The body of compute() below, for both sides. */
const WORK = `
    const patient = await this.data.read('Patient', this.event.patient);
    const { record } = this.event.context;
    const abnormal = record.result.filter(({ display }) => display.length > 3).length;
    if (!patient.birthDate || abnormal === 0) return [];
    return [{ type: 'CREATE_TASK', payload: { title: \`Review \${record.code.text}\`, patient: patient.id } }];`;

const PLUGIN = `
import { BaseProtocol, EventType } from 'chartwire/sdk';
export class Work extends BaseProtocol.on(EventType.LAB_REPORT_CREATED) {
  async compute() {${WORK}
  }
}
// Kills any process that holds the isolate.
export class Attack extends BaseProtocol.on(EventType.LAB_REPORT_CREATED) {
  async compute() {
    'ab'.repeat(2e8).split('');
  }
}`;

const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition';
const V2 = 'http://terminology.hl7.org/CodeSystem/v2-0203';
const coded = (system: string, code: string, display: string) => ({
  coding: [{ system, code, display }],
  text: display,
});
const detailed = (url: string, code: string, display: string) => ({
  url: `${US_CORE}/${url}`,
  extension: [
    { url: 'ombCategory', valueCoding: { system: 'urn:oid:2.16.840.1.113883.6.238', code, display } },
    { url: 'text', valueString: display },
  ],
});

/** As records are in real charts: about 2 KB each. */
const patient: Patient = {
  resourceType: 'Patient',
  id: 'patient',
  meta: { versionId: '3', lastUpdated: '2026-01-01T00:00:00Z', profile: [`${US_CORE}/us-core-patient`] },
  extension: [
    detailed('us-core-race', '2106-3', 'White'),
    detailed('us-core-ethnicity', '2186-5', 'Not Hispanic or Latino'),
    { url: `${US_CORE}/us-core-birthsex`, valueCode: 'F' },
  ],
  identifier: ['MR', 'SS', 'DL'].map((code) => ({
    type: coded(V2, code, `Identifier of type ${code}`),
    system: `https://example.org/identifier/${code}`,
    value: `${code}-000123456`,
  })),
  name: [
    { use: 'official', family: 'Example', given: ['Pat', 'Quincy'], prefix: ['Ms.'] },
    { use: 'maiden', family: 'Sample', given: ['Pat', 'Quincy'], prefix: ['Ms.'] },
  ],
  telecom: [{ system: 'phone', value: '555-0100', use: 'home' }],
  birthDate: '1970-01-01',
  gender: 'female',
  address: [{ line: ['1 Example Street'], city: 'Springfield', state: 'MA', postalCode: '01101', country: 'US' }],
  maritalStatus: coded('http://terminology.hl7.org/CodeSystem/v3-MaritalStatus', 'M', 'Married'),
  communication: [{ language: coded('urn:ietf:bcp:47', 'en-US', 'English (United States)') }],
};

const report: DiagnosticReport = {
  resourceType: 'DiagnosticReport',
  id: 'report',
  meta: { versionId: '1', lastUpdated: '2026-01-01T00:00:00Z', profile: [`${US_CORE}/us-core-diagnosticreport-lab`] },
  status: 'final',
  category: [coded('http://terminology.hl7.org/CodeSystem/v2-0074', 'LAB', 'Laboratory')],
  code: coded('http://loinc.org', '58410-2', 'CBC panel - Blood by Automated count'),
  subject: { reference: 'Patient/patient' },
  encounter: { reference: 'Encounter/0190f8a2-0000-7000-8000-000000000001' },
  effectiveDateTime: '2026-01-01T08:00:00-05:00',
  issued: '2026-01-01T09:30:00.000-05:00',
  performer: [{ reference: 'Organization/0190f8a2-0000-7000-8000-000000000002', display: 'Example Laboratory' }],
  result: [
    ...['Leukocytes', 'Erythrocytes', 'Hemoglobin', 'Hematocrit', 'MCV', 'MCH', 'MCHC', 'Distribution width'],
    ...['Platelets', 'Platelet distribution width', 'Platelet mean volume'],
  ].map((display, i) => ({
    reference: `Observation/0190f8a2-0000-7000-8000-00000000010${i.toString(16)}`,
    display: `${display} in Blood by Automated count`,
  })),
};

const event: EventEnvelope = {
  id: newId(),
  type: 'LAB_REPORT_CREATED',
  target: { type: 'DiagnosticReport', id: 'report', version: 1 },
  patient: 'patient',
  note: null,
  actor: { type: 'user', id: 'user' },
  source: 'fhir',
  at: '2026-01-01T00:00:00.000Z',
  chartVersion: 7,
  cause: null,
  depth: 0,
  context: { record: report, changed: ['DiagnosticReport'] },
};

/** The direct call has none; making one a call would be counted to the sandbox. */
const EXECUTION = newId();

/** Reads that cost nothing: the bench is of the crossing, not of the database. */
const services = {
  read: async (): Promise<Resource> => patient,
  search: async (): Promise<Resource[]> => [],
};

export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-bench-'));
  const host = createPluginHost({ log: { info() {}, warn() {}, error() {} } });
  try {
    await host.start();
    const builds = await Promise.all(Array.from({ length: 40 }, (_, i) => build(folder, `plugin-${i}`)));
    const [one, ...more] = builds;
    await host.load(one!);
    await throughput(host, builds, more.slice(0, 9));
    await alone(host);
    await oneMore(host, more.slice(9));
    await underAttack(host, folder);
  } finally {
    await host.stop();
    await rm(folder, { recursive: true });
  }
}

async function throughput(
  host: PluginHost,
  builds: readonly PluginBuild[],
  nine: readonly PluginBuild[],
): Promise<void> {
  const direct = await directCall();
  await promote(host, ['plugin-0']);
  const names = builds.slice(0, 10).map(({ manifest }) => manifest.name);
  const rates = { direct: [] as number[], one: [] as number[], ten: [] as number[] };
  const cpu = { direct: [] as number[], host: [] as number[], runner: [] as number[] };
  // Turn and turn about, since the machine's other work comes and goes.
  for (let round = 0; round < ROUNDS; round++) {
    const atFirst = await processorTime(host);
    rates.direct.push(await rate(direct));
    const between = await processorTime(host);
    rates.one.push(await rate(() => work(host, 'plugin-0')));
    const atLast = await processorTime(host);
    cpu.direct.push((between.own - atFirst.own) / CALLS);
    cpu.host.push((atLast.own - between.own) / CALLS);
    cpu.runner.push((atLast.runners - between.runners) / CALLS);
  }
  for (const next of nine) await host.load(next);
  await promote(host, names);
  for (let round = 0; round < ROUNDS; round++) {
    rates.direct.push(await rate(direct));
    rates.ten.push(await rate((i) => work(host, names[i % 10]!)));
  }
  const sizes = [event, patient].map((json) => (JSON.stringify(json).length / 1_024).toFixed(1));
  const base = median(rates.direct);
  const row = (what: string, list: number[]): void =>
    console.log(
      `${what.padEnd(58)}${Math.round(median(list))} calls/s   ${(median(list) / base).toFixed(2)} of direct`,
    );
  console.log(`${IN_FLIGHT} calls in flight, an event of ${sizes[0]} KB, one read of ${sizes[1]} KB, one effect:`);
  row('  direct call, copying by JSON', rates.direct);
  row('  sandbox, one plugin (at least 0.8)', rates.one);
  row('  sandbox, ten plugins (at least 0.5)', rates.ten);
  const spent = ([what, list]: [string, number[]]): string => `${what} ${median(list).toFixed(0)} µs`;
  console.log(`  processor time of a call: ${Object.entries(cpu).map(spent).join(', ')}`);
}

/** The same handler in this process: event, request, answer and effects each go through JSON. */
async function directCall(): Promise<() => Promise<unknown>> {
  const url = `data:text/javascript,${encodeURIComponent(`export class Work { constructor(context) { Object.assign(this, context); } async compute() {${WORK}\n} }`)}`;
  const { Work } = (await import(url)) as { Work: new (context: object) => { compute(): Promise<unknown> } };
  const copy = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  return async () => {
    const read = async (type: string, id: string): Promise<unknown> => {
      copy({ type, id });
      return copy(await services.read());
    };
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const handler = new Work({ event: copy(event), data: { read }, http: {}, variables: copy({}), log });
    return copy(await handler.compute());
  };
}

async function alone(host: PluginHost): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < 500; i++) times.push((await work(host, 'plugin-0')).ms);
  console.log(`one call alone: p50 ${quantile(times, 0.5).toFixed(2)} ms, p99 ${quantile(times, 0.99).toFixed(2)} ms`);
}

async function oneMore(host: PluginHost, builds: readonly PluginBuild[]): Promise<void> {
  const memory = async (): Promise<number> => {
    const sizes = await Promise.all(host.runners().processes.map(({ pid }) => residentMB(pid)));
    return sizes.reduce((sum, size) => sum + size, 0);
  };
  const before = await memory();
  const times: number[] = [];
  for (const next of builds) {
    const began = performance.now();
    await host.load(next);
    await work(host, next.manifest.name);
    times.push(performance.now() - began);
  }
  const each = ((await memory()) - before) / builds.length;
  const ms = median(times).toFixed(1);
  console.log(
    `one more plugin: ${each.toFixed(1)} MB (under 3), ${ms} ms to load and answer its first call (under 30)`,
  );
}

/** 200 calls a second of proven plugins while another one kills its runner every second. */
async function underAttack(host: PluginHost, folder: string): Promise<void> {
  const seconds = 10;
  const names = Array.from({ length: 10 }, (_, i) => `plugin-${i}`);
  const times: number[] = [];
  let failed = 0;
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const ends: Record<string, number> = {};
  const pending: Promise<unknown>[] = [];
  for (let i = 0; i < seconds * 200; i++) {
    // A plugin of its own each time: the same one would be in quarantine after the third.
    if (i % 200 === 100) pending.push(attack(host, folder, i, ends));
    const call = work(host, names[i % 10]!).then(({ ms, error }) => {
      times.push(ms);
      if (error) failed += 1;
    });
    pending.push(call);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(pending);
  delay.disable();
  const p = (at: number): string => quantile(times, at).toFixed(1);
  console.log(`${seconds} s with one attack a second that kills its runner (${JSON.stringify(ends)}):`);
  console.log(
    `  ${times.length - failed} of ${times.length} calls of other plugins done; p50 ${p(0.5)}, p99 ${p(0.99)} (under 25), longest ${p(1)} ms`,
  );
  console.log(`  longest turn of the host's event loop: ${(delay.max / 1e6).toFixed(0)} ms`);
}

async function attack(host: PluginHost, folder: string, number: number, ends: Record<string, number>): Promise<void> {
  await host.load(await build(folder, `attacker-${number}`));
  const { error } = await call(host, `attacker-${number}`, 'Attack');
  const code = error?.code ?? 'completed';
  ends[code] = (ends[code] ?? 0) + 1;
}

// ── Parts

async function build(folder: string, name: string): Promise<PluginBuild> {
  const at = join(folder, name);
  await mkdir(join(at, 'src'), { recursive: true });
  const manifest = { name, version: '1.0.0', description: 'For a bench.', entry: 'src/index.ts' };
  await writeFile(join(at, 'chartwire.json'), JSON.stringify(manifest));
  await writeFile(join(at, 'src/index.ts'), PLUGIN);
  return buildPlugin(at);
}

function call(host: PluginHost, plugin: string, handler: string): Promise<HandlerResult> {
  return host.call({ plugin, handler, event, execution: EXECUTION, services, variables: {} });
}

async function work(host: PluginHost, plugin: string): Promise<HandlerResult> {
  const result = await call(host, plugin, 'Work');
  if (result.effects.length !== 1) throw new Error(`${plugin}: ${JSON.stringify(result.error)}`);
  return result;
}

/** New plugins share one probation runner; the benchmark measures proven ones. */
async function promote(host: PluginHost, names: readonly string[]): Promise<void> {
  for (const name of names) {
    while (host.status().find(({ plugin }) => plugin === name)?.where !== 'main') await work(host, name);
  }
}

/** Calls a second with IN_FLIGHT at a time. */
async function rate(one: (i: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const began = performance.now();
  const lane = async (): Promise<void> => {
    while (next < CALLS) await one(next++);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return (CALLS / (performance.now() - began)) * 1_000;
}

/** In µs so far: of this process, and of the runners, which Linux tells to the hundredth of a second. */
async function processorTime(host: PluginHost): Promise<{ own: number; runners: number }> {
  const { user, system } = process.cpuUsage();
  const times = await Promise.all(host.runners().processes.map(({ pid }) => (pid === undefined ? 0 : spentBy(pid))));
  return { own: user + system, runners: times.reduce((sum, time) => sum + time, 0) };
}

async function spentBy(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10_000;
}

async function residentMB(pid: number | undefined): Promise<number> {
  if (pid === undefined) return 0;
  const statm = await readFile(`/proc/${pid}/statm`, 'latin1').catch(() => '0 0');
  return (Number(statm.split(' ')[1]) * 4_096) / 1e6;
}

function median(list: readonly number[]): number {
  return quantile(list, 0.5);
}

function quantile(list: readonly number[], at: number): number {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? Number.NaN;
}

function newId(): string {
  return uuidv7(Date.now(), (bytes) => randomFillSync(bytes));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await run();
