// A plugin that answers every event by writing down what it was given, and the reading of what it wrote.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packPlugin } from '#plugin-host/package.ts';
import type { Door } from './door.ts';

export const RECORDER = 'event-recorder';

/** An event as the plugin had it in its sandbox. */
export interface Received {
  readonly id: string;
  readonly type: string;
  readonly target: { readonly type: string; readonly id: string };
  readonly patient: string | null;
  readonly note: string | null;
  /** Where it came from. */
  readonly source: string;
  /** Names of what its context holds. */
  readonly context: readonly string[];
  /** The context itself, where the recorder was to keep it; of the options that a search found, the first two. */
  readonly whole?: Readonly<Record<string, unknown>>;
}

export interface RecorderOptions {
  /** Also what the chart says: only for charts that are made up. */
  readonly whole?: boolean;
}

// One class for all types, so that one subscription has them all and their order is that of their arrival.
const source = (types: readonly string[], place: string, { whole = false }: RecorderOptions): string => `
import { BaseProtocol, httpRequest, log } from 'chartwire/sdk';

export class Recorder extends BaseProtocol {
  static RESPONDS_TO = ${JSON.stringify(types)};

  compute() {
    const { id, type, target, patient, note, source, context } = this.event;
    const held = Object.keys(context).filter((name) => context[name] !== undefined);
    const whole = ${whole} ? { ...context, ...(context.results && { results: context.results.slice(0, 2) }) } : undefined;
    return log({ message: JSON.stringify({ id, type, target, patient, note, source, context: held, whole }) });
  }
}
${types.includes('PLUGIN_DISABLED') ? asker(place) : ''}`;

/** Only who queued a request is given its answer. The event that it responds to happens once. */
const asker = (place: string): string => `
export class Asker extends BaseProtocol {
  static RESPONDS_TO = ['PLUGIN_DISABLED'];

  compute() {
    return ['taken', 'refused'].map((path) => httpRequest({ url: 'http://${place}/' + path }));
  }
}
`;

/** `place`: `host:port` of a receiver that it may send requests to. */
export function packRecorder(types: readonly string[], place: string, options: RecorderOptions = {}): Promise<Buffer> {
  const description = 'Writes down every event it is given, without what the chart says.';
  return packed({ name: RECORDER, description, network: [place] }, source(types, place, options));
}

/** A plugin, packed as `chartwire install` would. */
export async function packed(
  manifest: { name: string; description: string; version?: string; network?: readonly string[] },
  entry: string,
): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-recorder-'));
  try {
    await mkdir(join(folder, 'src'));
    const whole = { version: '1.0.0', entry: 'src/index.ts', ...manifest };
    await writeFile(join(folder, 'chartwire.json'), JSON.stringify(whole));
    await writeFile(join(folder, 'src/index.ts'), entry);
    return await packPlugin(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface LogPage {
  readonly items: readonly { readonly level: string; readonly message: string }[];
  readonly next: string | null;
}

/** Everything the plugin has received, in the order of its answers. */
export async function readRecorder(door: Door): Promise<Received[]> {
  const received: Received[] = [];
  let after = '';
  for (;;) {
    const { items, next } = await door.ask<LogPage>('GET', `/api/plugins/${RECORDER}/logs?limit=1000${after}`);
    for (const { level, message } of items) if (level === 'info') received.push(JSON.parse(message) as Received);
    if (next === null) return received.reverse();
    after = `&after=${next}`;
  }
}
