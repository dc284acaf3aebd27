// What plugins log: kept in the database, and tailed live.

import type { Pool } from 'pg';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { visibleText } from '@chartwire/sdk/internal/kit/visible';
import { isInt8 } from '#store/representable.ts';
import { type Feed, Tail } from './tail.ts';

export interface LogLine {
  readonly at: string;
  readonly plugin: string;
  readonly handler: string | null;
  readonly execution: string | null;
  readonly level: string;
  readonly message: string;
}

export type StoredLogLine = LogLine & { readonly id: string };

/** Milliseconds that lines are gathered before they are written together. */
const GATHER_MS = 50;
const POLL_MS = 500;
/** Lines read at once. */
const PAGE = 500;
/** The advisory lock of whoever writes lines: of two numbers, which those of charts are not. */
const TURN = [0x10c, 0] as const;

export class PluginLog {
  readonly #pool: Pool;
  readonly #tail: Tail<string, StoredLogLine, string | null>;
  #waiting: LogLine[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(pool: Pool) {
    this.#pool = pool;
    this.#tail = new Tail(feedOf(pool));
  }

  append(lines: readonly LogLine[]): void {
    for (const line of lines) this.#waiting.push({ ...line, message: visibleText(line.message) });
    if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => void this.#flush(), GATHER_MS);
  }

  /** Newest first, with all that this node has gathered; `after` is the id of the last line of the page before. */
  async list(
    plugin: string | null,
    query: { limit: number; after?: string },
  ): Promise<{ items: StoredLogLine[]; next: string | null }> {
    await this.#flush();
    const { rows } = await this.#pool.query<Row>(
      `SELECT id::text, at, plugin, handler, execution, level, message FROM plugin_log
        WHERE ($1::text IS NULL OR plugin = $1) AND ($2::bigint IS NULL OR id < $2) ORDER BY plugin_log.id DESC LIMIT $3`,
      [plugin, query.after ?? null, query.limit],
    );
    const items = rows.map(lineOf);
    return { items, next: items.length === query.limit ? items.at(-1)!.id : null };
  }

  /** The id of the newest line. */
  now(): Promise<string> {
    return newestId(this.#pool);
  }

  /** Calls back with each line after the one with the id `after`, by any node. Returns how to stop. */
  tail(plugin: string | null, onLine: (line: StoredLogLine) => void, after: string): () => void {
    if (!isInt8(after)) {
      throw new Refusal('request.invalid', { reason: 'the cursor is not one that this server gave' });
    }
    return this.#tail.follow(after, plugin, onLine);
  }

  stop(): Promise<void> {
    return this.#flush();
  }

  /** Writes what is gathered. Resolves when it and all before it is written. */
  #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#waiting;
    this.#waiting = [];
    // One write after another: lines are read in the order of their ids. They are in their executions too, so a line
    // lost here is not a lost line.
    if (lines.length > 0) this.#writing = this.#writing.then(() => this.#write(lines)).catch(() => {});
    return this.#writing;
  }

  /** Nodes take turns until a commit has ended: ids are given in the order in which lines can be seen, so none is passed over. */
  async #write(lines: readonly LogLine[]): Promise<void> {
    await this.#pool.query(
      `WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock($2, $3))
        INSERT INTO plugin_log (at, plugin, handler, execution, level, message)
        SELECT at, plugin, handler, execution, level, message FROM turn, json_to_recordset($1)
        AS l(at timestamptz, plugin text, handler text, execution uuid, level text, message text)`,
      [JSON.stringify(lines), ...TURN],
    );
  }
}

type Row = Omit<StoredLogLine, 'at'> & { at: Date };

function lineOf(row: Row): StoredLogLine {
  return { ...row, at: row.at.toISOString() };
}

async function newestId(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ id: string }>('SELECT coalesce(max(id), 0)::text AS id FROM plugin_log');
  return rows[0]!.id;
}

/** All lines, or those of one plugin. */
function feedOf(pool: Pool): Feed<string, StoredLogLine, string | null> {
  return {
    now: () => newestId(pool),
    async read(after, plugin = null) {
      const { rows } = await pool.query<Row>(
        `SELECT id::text, at, plugin, handler, execution, level, message FROM plugin_log
          WHERE id > $2 AND ($1::text IS NULL OR plugin = $1) ORDER BY plugin_log.id LIMIT ${PAGE}`,
        [plugin, after],
      );
      return { items: rows.map(lineOf), readTo: rows.at(-1)?.id ?? after, full: rows.length === PAGE };
    },
    placeOf: ({ id }) => id,
    isBefore: (a, b) => BigInt(a) < BigInt(b),
    matches: (line, plugin) => plugin === null || line.plugin === plugin,
    pollMs: POLL_MS,
  };
}
