// A chart on a database of its own in which effects are applied as a plugin's answer is.

import assert from 'node:assert/strict';
import type { Resource } from '@medplum/fhirtypes';
import { SILENT_BUS } from '#chart/bus.ts';
import { createChart } from '#chart/chart.ts';
import { Commands } from '#chart/commands/commands.ts';
import type { Chart } from '#chart/contract.ts';
import type { Origin } from '#chart/origin.ts';
import { applyEffects, EffectsRefused } from '#chart/effects.ts';
import { commandPort } from '#delivery/run.ts';
import { pluginAuthority } from '#delivery/services.ts';
import { SYSTEM } from '#kit/authority.ts';
import { ScopeSet } from '#kit/scopes.ts';
import type { Effect } from '#sdk/effects.ts';
import { openStore, type PostgresStore } from '#store/postgres.ts';
import { freshDatabase } from '../support/database.ts';
import { seenIn } from '../support/seen.ts';

export const NOW = '2026-08-23T10:00:00.000Z';
const PLUGIN: Origin = { actor: { type: 'plugin', id: 'demo' }, source: 'effect', authority: SYSTEM };
/** No code system: options are given whole. */
const NO_TERMS = { lookup: async () => undefined, search: async () => [], noteUse: async () => {} };

export interface Asking {
  readonly scopes?: readonly string[];
  readonly plugin?: string;
}

export class Answering {
  readonly store: PostgresStore;
  readonly chart: Chart;
  readonly commands: Commands;
  readonly close: () => Promise<void>;

  constructor(store: PostgresStore, close: () => Promise<void>) {
    this.store = store;
    this.chart = createChart({ store, now: () => Date.parse(NOW) });
    this.commands = new Commands({ store, bus: SILENT_BUS, terms: NO_TERMS });
    this.close = close;
  }

  static async open(): Promise<Answering> {
    const database = await freshDatabase();
    const store = await openStore(database.connection);
    return new Answering(store, async () => {
      await store.close();
      await database.drop();
    });
  }

  /** Makes the records what they are here, whatever became of them. */
  async put(...records: readonly (Resource & { id: string })[]): Promise<void> {
    await this.chart.withChart(PLUGIN, async (draft) => {
      for (const record of records) await draft.update(record);
    });
  }

  /** Applies an answer to an event of the patient p1; says what it changed and what events followed. */
  async apply(effects: readonly Effect[], { scopes = ['system/*.cruds'], plugin = 'demo' }: Asking = {}) {
    const request = {
      plugin,
      handler: 'Demo',
      execution: '0198d3c0-0000-7000-8000-000000000000',
      event: { id: '0198d3c0-0000-7000-8000-000000000001', type: 'CRON', patient: 'p1', note: null },
      queue: async () => {},
      log: () => {},
    };
    const origin = { ...PLUGIN, authority: pluginAuthority(new ScopeSet(scopes), 'p1') };
    const { result, written } = await this.chart.withChart(origin, (draft) =>
      applyEffects(draft, effects, { ...request, commands: commandPort(this.commands, draft, PLUGIN) }),
    );
    return { references: result.flatMap((one) => one.references), events: written.events.map(({ type }) => type) };
  }

  /** The code and the sentence with which the answer is refused. */
  async refusal(effects: readonly Effect[], asking: Asking = {}): Promise<{ code: string; message: string }> {
    try {
      await this.apply(effects, asking);
    } catch (error) {
      assert.ok(error instanceof EffectsRefused, String(error));
      return error.refusal;
    }
    return assert.fail('nothing was refused');
  }

  async current<R extends Resource>(reference: string): Promise<R> {
    const [type, id] = reference.split('/') as [string, string];
    const stored = await seenIn(this.chart).current(type, id);
    assert.ok(stored?.record, `${reference} is not there`);
    return stored.record as R;
  }
}
