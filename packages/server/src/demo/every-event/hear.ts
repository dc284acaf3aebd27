// Triggers every event of the catalogue through a server's API, and reports which of them reached a plugin.

import { EVENTS, type EventType } from '@chartwire/sdk/internal/events/catalogue';
import { COMMAND_STEPS } from './commands.ts';
import { Door } from './door.ts';
import { otherSteps } from './others.ts';
import { PLUGIN_STEPS } from './plugins.ts';
import { packRecorder, RECORDER, type Received, type RecorderOptions, readRecorder } from './recorder.ts';
import { openReceiver } from './receiver.ts';
import { RECORD_STEPS } from './records.ts';
import { openScene } from './scene.ts';
import type { Step } from './step.ts';
import { VISIT_STEPS } from './visits.ts';

/** A server that runs; `start` may be called again on the same data once it is closed. */
export interface Running {
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

export interface Heard {
  /** In the order in which the plugin was given them. */
  readonly received: readonly Received[];
  /** Types that did not reach it, in the order of the catalogue. */
  readonly missing: readonly EventType[];
  /** Steps that the server refused, with its messages. */
  readonly refused: readonly { readonly step: string; readonly message: string }[];
}

const STEPS = [...RECORD_STEPS, ...VISIT_STEPS, ...COMMAND_STEPS, ...PLUGIN_STEPS];
const ALL: readonly EventType[] = EVENTS.map(({ type }) => type);

/** Gates and searches have a time limit that a busy machine may miss, so missing ones are retried. */
const ROUNDS = 3;
const SETTLE_MS = 180_000;

/**
 * Everything once, heard by a plugin that answers `types`. The server is started twice: its clock tells the minute under
 * way when it starts, and by the second time there is a plugin to hear it. `place` is a `host:port` that plugins must be
 * allowed to reach.
 */
export async function hearEveryEvent(
  start: (place: string) => Promise<Running>,
  types = ALL,
  options: RecorderOptions = {},
): Promise<Heard> {
  const { place, close } = await openReceiver();
  try {
    const first = await start(place);
    try {
      await new Door(first.url, first.token).install(RECORDER, await packRecorder(types, place, options));
    } finally {
      await first.close();
    }
    return await hearOf(await start(place), types);
  } finally {
    close();
  }
}

async function hearOf(server: Running, types: readonly EventType[]): Promise<Heard> {
  const steps = [...STEPS, ...otherSteps(new Set(types))];
  try {
    const door = new Door(server.url, server.token);
    for (let round = 1; ; round++) {
      const refused = await play(door, steps);
      await settled(door);
      const received = await readRecorder(door);
      const had = new Set(received.map(({ type }) => type));
      const missing = types.filter((type) => !had.has(type));
      if (missing.length === 0 || round === ROUNDS) return { received, missing, refused };
    }
  } finally {
    await server.close();
  }
}

/** Runs all steps, even after a refused one. */
async function play(door: Door, steps: readonly Step[]): Promise<Heard['refused']> {
  const refused: { step: string; message: string }[] = [];
  const scene = await openScene(door);
  for (const { name, run } of steps) {
    await run(scene).catch((error: Error) => refused.push({ step: name, message: error.message }));
  }
  return refused;
}

/** Waits until the plugin has no pending events and everything it wrote can be read. */
async function settled(door: Door): Promise<void> {
  const end = Date.now() + SETTLE_MS;
  while (Date.now() < end) {
    const { items } = await door.ask<{ items: { state: string }[] }>('GET', '/api/deliveries?limit=500');
    const requests = await door.ask<{ items: { state: string }[] }>('GET', '/api/outgoing?limit=500');
    if ([...items, ...requests.items].every(({ state }) => state === 'dead')) break;
    await pause(100);
  }
  // What plugins log is gathered before it is written: it is all there when no more of it comes.
  for (let lines = -1, last = -2; lines !== last && Date.now() < end; ) {
    await pause(500);
    [last, lines] = [lines, (await readRecorder(door)).length];
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
