// What a commit costs: of a Plan over HTTP, against pgbench; and what gates of five plugins add to it.

import { commitStatement } from './commit.ts';
import { type Clinic, openClinic } from './support/clinic.ts';
import type { Sent } from './support/command-load.ts';
import { findPgbench, pgbench } from './support/pgbench.ts';
import { percentile, printRatio } from './support/place.ts';

const CONNECTIONS = 32;
const SECONDS = 8;
/** Commands in a note, and notes, each in a chart of its own. */
const IN_NOTE = 20;
const NOTES = 400;

/** A steady load, under which what a gate adds is its own time and not that of a queue. */
const PER_SECOND = 20;
const COMMITS = 400;
const GATES = 5;
const ROUNDS = 4;

export async function run(): Promise<void> {
  const clinic = await openClinic();
  try {
    await throughput(clinic);
    await gates(clinic);
  } finally {
    await clinic.close();
  }
}

async function throughput(clinic: Clinic): Promise<void> {
  if (!findPgbench())
    return console.log('commit: skipped, pgbench is not installed (Debian: apt-get install postgresql)');
  await clinic.send((await stagedPlans(clinic, 50)).slice(0, 1_000), { connections: CONNECTIONS });
  const commits = await stagedPlans(clinic, NOTES);
  const limit = () => pgbench(clinic.connection, commitStatement(), { clients: CONNECTIONS, seconds: SECONDS });
  const before = await limit();
  const { totalMs, cpuMs } = await clinic.send(commits, { connections: CONNECTIONS });
  const after = await limit();
  console.log(`pgbench, ${CONNECTIONS} clients: ${before.toFixed(0)} before, ${after.toFixed(0)} after, tps`);
  const rate = (commits.length / totalMs) * 1_000;
  printRatio(`commit of a Plan, ${CONNECTIONS} connections`, rate, (before + after) / 2, 0.25, 'a second');
  console.log(`each takes ${cpuMs.toFixed(2)} ms of the server’s CPU`);
}

async function gates(clinic: Clinic): Promise<void> {
  const names = Array.from({ length: GATES }, (_, n) => `gate-${n + 1}`);
  const all = async (what: 'enable' | 'disable'): Promise<void> => {
    for (const name of names) await clinic.ask('POST', `/api/plugins/${name}/${what}`);
  };
  const steadily = async () =>
    clinic.send(await stagedPlans(clinic, COMMITS / ROUNDS / IN_NOTE), { connections: 8, perSecond: PER_SECOND });
  for (const [n, name] of names.entries()) await clinic.install(name, gate(n + 1));
  // Until they are proven, and the server is warm.
  for (let round = 0; round < ROUNDS; round++) await steadily();
  const plain: Awaited<ReturnType<typeof steadily>>[] = [];
  const gated: typeof plain = [];
  // Turn and turn about, since the machine's other work comes and goes.
  for (let round = 0; round < ROUNDS; round++) {
    gated.push(await steadily());
    await all('disable');
    plain.push(await steadily());
    await all('enable');
    for (let n = 0; n < 2; n++) await steadily();
  }
  const times = (rounds: typeof plain): number[] => rounds.flatMap(({ ms }) => ms);
  const line = (rounds: typeof plain): string => {
    const cpu = rounds.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / rounds.length;
    const p = (share: number): string => percentile(times(rounds), share).toFixed(1);
    return `p50 ${p(0.5)}, p99 ${p(0.99)} ms, CPU ${cpu.toFixed(2)} ms`;
  };
  console.log(`commit of a Plan, ${PER_SECOND} a second: ${line(plain)}`);
  console.log(`asking ${GATES} plugins first: ${line(gated)}`);
  const added = (share: number): string =>
    (percentile(times(gated), share) - percentile(times(plain), share)).toFixed(1);
  console.log(`the gates add: p50 ${added(0.5)} ms (aim 3), p99 ${added(0.99)} ms (aim 10)`);
}

/** Commits to be sent, of Plans in new notes of new patients. */
async function stagedPlans(clinic: Clinic, notes: number): Promise<Sent[]> {
  const commands = Array.from({ length: IN_NOTE }, (_, n) => ({
    command: 'plan',
    fields: { narrative: `Recheck in ${n + 1} weeks, sooner when it is worse.` },
  }));
  const ids: string[][] = [];
  for (let n = 0; n < notes; n++) {
    const { id: patient } = await clinic.ask('POST', '/fhir/R4/Patient', {
      resourceType: 'Patient',
      name: [{ family: 'Bench' }],
    });
    const note = await clinic.ask('POST', '/api/notes', { patient });
    const { items } = await clinic.ask('POST', `/api/notes/${note.id}/commands`, { commands });
    ids.push(items.map(({ id }: { id: string }) => id));
  }
  // Takes one of each note in turn, so that neighbors belong to different charts.
  const inTurn = commands.flatMap((_, place) => ids.map((own) => own[place]!));
  return inTurn.map((id) => ({ method: 'POST', path: `/api/commands/${id}/commit` }));
}

/** Examines the proposal and lets it pass, as most checks usually do. */
const gate = (n: number): string => `
import { BaseProtocol, EventType, refuse } from 'chartwire/sdk';

export class Gate extends BaseProtocol.on(EventType.PLAN_COMMAND__PRE_COMMIT) {
  compute() {
    const { narrative } = this.event.context.fields;
    return narrative?.includes('dose ${n} of opium') ? [refuse('Not that.', { field: 'narrative' })] : [];
  }
}`;

if (import.meta.main) await run();
