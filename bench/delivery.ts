// How soon a plugin hears of a change, and how many executions with an effect are applied a second.

import type { Task } from '@medplum/fhirtypes';
import { besidePgbench } from './commit.ts';
import { findPgbench } from './support/pgbench.ts';
import {
  installBenchPlugin,
  ORIGIN,
  openPlace,
  PATIENTS,
  type Place,
  percentile,
  printRatio,
} from './support/place.ts';

const RATE = 200;
const SECONDS = 10;
/** A new process compiles as it runs, so its first results are reported separately. */
const WARM_UP_SECONDS = 2;
const BACKLOG = 6_000;

export async function run(): Promise<void> {
  const place = await openPlace();
  try {
    await latency(place);
    if (findPgbench()) await effects(place);
    else console.log('effects: skipped, pgbench is not installed (Debian: apt-get install postgresql)');
  } finally {
    await place.close();
  }
}

/**
 * From the moment a commit is known here to the handler's first host read, which compute() begins with: so the times hold a
 * little more than commit to compute().
 */
async function latency(place: Place): Promise<void> {
  const reads = new Map<string, number>();
  const call = place.core.host.call.bind(place.core.host);
  Object.assign(place.core.host, {
    call: (handlerCall: Parameters<typeof call>[0]) =>
      call({
        ...handlerCall,
        services: {
          ...handlerCall.services,
          read: (type: string, id: string) => {
            reads.set(id, performance.now());
            return handlerCall.services.read(type, id);
          },
        },
      }),
  });
  await installBenchPlugin(place, 'latency');
  const committed = new Map<string, number>();
  const start = performance.now();
  const writes: Promise<void>[] = [];
  const warmUp = new Set<string>();
  for (let n = 0; n < RATE * (WARM_UP_SECONDS + SECONDS); n++) {
    const due = start + (n * 1_000) / RATE;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const write = createTask(place, n).then((id) => {
      committed.set(id, performance.now());
      if (n < RATE * WARM_UP_SECONDS) warmUp.add(id);
    });
    writes.push(write);
  }
  await Promise.all(writes);
  await drained(place);
  Object.assign(place.core.host, { call });
  const told = (ids: readonly string[]): string => {
    const times = ids.map((id) => (reads.get(id) ?? Number.NaN) - committed.get(id)!);
    const p = (share: number): string => percentile(times, share).toFixed(1);
    return `${times.length} events: p50 ${p(0.5)}, p90 ${p(0.9)}, p99 ${p(0.99)} ms`;
  };
  const ids = [...committed.keys()];
  console.log(`commit to compute() at ${RATE} a second, the first ${told(ids.filter((id) => warmUp.has(id)))}`);
  console.log(`the next ${told(ids.filter((id) => !warmUp.has(id)))} (aim p50 3, p99 12)`);
  await place.core.plugins.remove('latency');
}

/** A backlog of events, each answered by one effect, worked off as fast as it goes. */
async function effects(place: Place): Promise<void> {
  await installBenchPlugin(place, 'effects');
  const { limit, result } = await besidePgbench(place, async () => {
    await place.core.engine.pause('effects');
    for (let n = 0; n < BACKLOG; n += 500) {
      await place.core.chart.withChart(ORIGIN, async (draft) => {
        for (let k = 0; k < 500; k++) draft.create(task(n + k));
      });
    }
    const start = performance.now();
    await place.core.engine.refresh();
    await drained(place);
    return (BACKLOG / (performance.now() - start)) * 1_000;
  });
  printRatio('executions with one effect each, applied', result, limit, 0.3, 'a second');
}

function task(n: number): Task {
  return {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    for: { reference: `Patient/p${1 + (n % PATIENTS)}` },
  };
}

async function createTask(place: Place, n: number): Promise<string> {
  const { result } = await place.core.chart.withChart(ORIGIN, async (draft) => draft.create(task(n)));
  return result.id;
}

async function drained(place: Place): Promise<void> {
  while ((await place.core.deliveries.list({ limit: 1 })).items.length > 0) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

if (import.meta.main) await run();
