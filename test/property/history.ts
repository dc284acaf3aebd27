// What a chart's history says once nobody writes any more: every version of everything in it, and its events.

import pg from 'pg';
import type { RunningApp } from '../server/running-app.ts';

// biome-ignore lint/suspicious/noExplicitAny: the audit says what it expects of it
type Loose = any;

export interface Version {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly chartVersion: number;
  /** Null for a deletion. */
  readonly content: Loose;
}

export interface LoggedEvent {
  readonly id: string;
  readonly type: string;
  readonly target: { readonly type: string; readonly id: string; readonly version?: number };
  readonly actor: { readonly type: string; readonly id: string };
  readonly chartVersion: number;
  readonly cause: { readonly event: string } | null;
  readonly context: Loose;
}

export class History {
  /** In the order of the chart. */
  readonly versions: readonly Version[];
  /** In the order of the log. */
  readonly events: readonly LoggedEvent[];
  readonly #byRecord = new Map<string, Version[]>();

  constructor(versions: readonly Version[], events: readonly LoggedEvent[]) {
    this.versions = versions;
    this.events = events;
    for (const one of versions) {
      const key = `${one.type}/${one.id}`;
      this.#byRecord.set(key, [...(this.#byRecord.get(key) ?? []), one]);
    }
  }

  /** Ids of all records of a type. */
  ids(type: string): string[] {
    return [...new Set(this.versions.filter((one) => one.type === type).map(({ id }) => id))];
  }

  /** Oldest first. */
  of(type: string, id: string): readonly Version[] {
    return this.#byRecord.get(`${type}/${id}`) ?? [];
  }

  /** The content at a version of the chart; undefined before there was one, null once it was deleted. */
  at(type: string, id: string, chartVersion: number): Loose {
    return this.of(type, id).findLast((one) => one.chartVersion <= chartVersion)?.content;
  }

  eventsOf(type: string, id: string, version: number): readonly LoggedEvent[] {
    return this.events.filter(
      ({ target, context }) =>
        target.type === type && target.id === id && (context.command?.version ?? target.version) === version,
    );
  }
}

export async function readHistory({ ask, database }: RunningApp, patient: string): Promise<History> {
  const client = new pg.Client(database.connection);
  await client.connect();
  try {
    const { rows } = await client.query<Version & { chartVersion: string }>(
      `SELECT type, id, version, chart_version AS "chartVersion", content FROM record_version WHERE patient = $1
       ORDER BY chart_version, type, id`,
      [patient],
    );
    const versions = rows.map((row) => ({ ...row, chartVersion: Number(row.chartVersion) }));
    return new History(versions, await eventsOf(ask, patient));
  } finally {
    await client.end();
  }
}

async function eventsOf(ask: RunningApp['ask'], patient: string): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  for (let after = ''; ; ) {
    const { items, next } = (await ask('GET', `/api/events?patient=${patient}&limit=500${after}`)).json;
    events.push(...items);
    if (next === null) return events;
    after = `&after=${next}`;
  }
}
