// One trial: a load, faults in the midst of it, and at the end the auditor's verdict.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Acknowledged, audit, type Finding } from './auditor.ts';
import { Load } from './load.ts';
import type { TrialResult } from './table.ts';

/** Rounds of kill -9; other trials take a fraction of them. `npm run test:long` asks for many. */
export const ROUNDS = Number(process.env.FAILURE_ROUNDS ?? 6);
/** Whether trials may take minutes. */
export const IS_LONG = ROUNDS >= 20;

/** Milliseconds for which a server may catch up after the last fault. */
const CATCH_UP_MS = 180_000;

export interface TrialOptions {
  readonly name: string;
  /** Where the servers are just now. */
  readonly urls: () => readonly string[];
  /** How to reach the database itself, just now. */
  readonly database: () => Promise<pg.ClientConfig>;
  readonly writers?: number;
  readonly pauseMs?: number;
}

export class Trial {
  readonly load: Load;
  readonly #options: TrialOptions;
  readonly #folder: string;
  readonly #recoveries: number[] = [];
  #acknowledged: readonly Acknowledged[] = [];
  #rounds = 0;

  private constructor(options: TrialOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
    this.load = new Load({ ...options, file: join(folder, 'acknowledged.jsonl') });
  }

  static async begin(options: TrialOptions): Promise<Trial> {
    const trial = new Trial(options, await mkdtemp(join(tmpdir(), 'chartwire-trial-')));
    await trial.load.start();
    return trial;
  }

  /** What was acknowledged in all, once it has ended. */
  get acknowledged(): readonly Acknowledged[] {
    return this.#acknowledged;
  }

  /** One round: in the midst of writing, at no moment in particular, `fault` happens, and is over when it resolves. */
  async round(fault: () => Promise<void>): Promise<void> {
    await this.load.acknowledges(10);
    await sleep(Math.random() * 300);
    await fault();
    const over = performance.now();
    await this.#answered(await this.load.probe());
    this.#recoveries.push((performance.now() - over) / 1000);
    this.#rounds++;
  }

  /** Stops the load, waits until everything pending is delivered, and asserts that nothing is wrong. */
  async end(): Promise<TrialResult> {
    try {
      await this.load.stop();
      const acknowledged = this.load.acknowledged();
      this.#acknowledged = acknowledged;
      let findings: readonly Finding[];
      for (const end = Date.now() + CATCH_UP_MS; ; await sleep(500)) {
        findings = await audit(await this.#options.database(), acknowledged);
        if (findings.every(({ fault }) => fault !== 'stuck') || Date.now() > end) break;
      }
      return {
        trial: this.#options.name,
        rounds: this.#rounds,
        acknowledged: acknowledged.length,
        findings,
        recoveries: this.#recoveries,
      };
    } finally {
      await this.load.stop();
      await rm(this.#folder, { recursive: true, force: true });
    }
  }

  /** Waits until a plugin has answered the creation of a patient. */
  async #answered(patient: string): Promise<void> {
    for (const end = Date.now() + CATCH_UP_MS; ; await sleep(30)) {
      const count = await countOf(
        await this.#options.database(),
        `SELECT count(*) FROM event t JOIN event e ON e.id::text = t.cause->>'event' AND t.cause IS NOT NULL
          WHERE e.record_type = 'Patient' AND e.record_id = $1`,
        [patient],
      ).catch(() => 0);
      if (count > 0) return;
      if (Date.now() > end) throw new Error('no plugin answers new events');
    }
  }
}

export async function countOf(connection: pg.ClientConfig, sql: string, values: unknown[] = []): Promise<number> {
  const client = new pg.Client(connection);
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ count: string }>(sql, values);
    return Number(rows[0]!.count);
  } finally {
    await client.end().catch(() => {});
  }
}

export function assertSound({ findings }: TrialResult): void {
  assert.deepEqual(
    findings.slice(0, 20).map(({ fault, what }) => `${fault}: ${what}`),
    [],
  );
}
