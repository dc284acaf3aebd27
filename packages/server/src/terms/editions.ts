// Editions of code systems in the database. A new one is prepared next to the current one, in small transactions that don't block
// readers of the event log, and then replaces it in one.

import type { Pool, PoolClient } from 'pg';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { LoadedTerms } from './loaded.ts';
import { CODE_SYSTEMS } from './systems.ts';
import type { Term } from './term.ts';

/** A current edition, for display. */
export interface EditionView {
  readonly system: string;
  /** `icd10cm`; null for a code system with only a URI. */
  readonly name: string | null;
  readonly label: string;
  readonly edition: string;
  /** `starter`: the small table that came with Chartwire. */
  readonly origin: 'starter' | 'import';
  readonly rows: number;
  /** ISO 8601. */
  readonly importedAt: string;
}

export interface NewEdition {
  /** The URI of the code system. */
  readonly system: string;
  readonly edition: string;
  readonly origin: EditionView['origin'];
  /** SHA-256 of a starter table. */
  readonly digest?: string;
}

/** Takes terms; says for each whether its code is new in the edition. */
export type TermSink = (terms: readonly Term[]) => Promise<boolean[]>;

/** Rows removed in one transaction. */
const SLICE = 10_000;

export async function currentEditions(pool: Pool): Promise<EditionView[]> {
  const { rows } = await pool.query<Omit<EditionView, 'name' | 'label' | 'importedAt'> & { imported_at: Date }>(
    'SELECT system, edition, origin, rows, imported_at FROM term_edition WHERE current ORDER BY system',
  );
  return rows.map(({ imported_at, ...row }) => {
    const known = CODE_SYSTEMS.find(({ uri }) => uri === row.system);
    return {
      ...row,
      name: known?.name ?? null,
      label: known?.label ?? row.system,
      importedAt: imported_at.toISOString(),
    };
  });
}

/**
 * Replaces the current edition of a code system by what `fill` puts in. Until it is complete, and when `fill` throws,
 * everybody sees the one before. Gives how many terms it has.
 */
export async function replaceEdition(
  loaded: LoadedTerms,
  edition: NewEdition,
  fill: (sink: TermSink) => Promise<void>,
): Promise<number> {
  const { pool } = loaded;
  return alone(pool, edition.system, async (client) => {
    await removeLeftovers(pool, edition.system);
    const id = await begin(pool, edition);
    let rows = 0;
    try {
      await fill(async (terms) => {
        const added = await insert(pool, id, terms);
        rows += added.filter(Boolean).length;
        return added;
      });
      await makeCurrent(client, edition.system, id, rows);
    } finally {
      loaded.forget(edition.system);
      // The one before; or this one, when it did not come to its end.
      await removeLeftovers(pool, edition.system);
    }
    return rows;
  });
}

/** One replacement of a code system's edition at a time, over all nodes. */
async function alone<T>(pool: Pool, system: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // Without a listener, a connection that breaks while the file is read would end the process.
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    const { rows } = await client.query<{ held: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held',
      [`terms ${system}`],
    );
    if (!rows[0]!.held) throw new Refusal('terms.busy', { system });
    try {
      return await work(client);
    } finally {
      await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [`terms ${system}`]).catch(onError);
    }
  } finally {
    client.off('error', onError);
    // A connection that may still hold the lock must not go back to the pool.
    client.release(broken);
  }
}

async function begin(pool: Pool, { system, edition, origin, digest }: NewEdition): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    'INSERT INTO term_edition (system, edition, origin, digest) VALUES ($1, $2, $3, $4) RETURNING id',
    [system, edition, origin, digest ?? null],
  );
  return rows[0]!.id;
}

async function insert(pool: Pool, edition: number, terms: readonly Term[]): Promise<boolean[]> {
  const { rows } = await pool.query<[string]>({
    name: 'terms-insert',
    text: `INSERT INTO term (edition, code, display, flags, also, common)
      SELECT $1, code, display, flags, also, common
      FROM json_to_recordset($2) AS t (code text, display text, flags text[], also text, common smallint)
      ON CONFLICT DO NOTHING RETURNING code`,
    values: [edition, JSON.stringify(terms)],
    rowMode: 'array',
  });
  const added = new Set(rows.map(([code]) => code));
  // A code that is twice among these terms was added once.
  return terms.map(({ code }) => added.delete(code));
}

async function makeCurrent(client: PoolClient, system: string, id: number, rows: number): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('UPDATE term_edition SET current = false WHERE system = $1 AND current', [system]);
    await client.query('UPDATE term_edition SET current = true, rows = $2, imported_at = now() WHERE id = $1', [
      id,
      rows,
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** Editions that aren't current: only the holder of the lock replaces one, so nobody else needs them. */
async function removeLeftovers(pool: Pool, system: string): Promise<void> {
  const { rows } = await pool.query<{ id: number }>('SELECT id FROM term_edition WHERE system = $1 AND NOT current', [
    system,
  ]);
  for (const { id } of rows) {
    for (;;) {
      // By where the rows lie: no plan for that looks at each as often as there are others, whatever is known of the table.
      const { rowCount } = await pool.query(
        'DELETE FROM term WHERE ctid = ANY (ARRAY(SELECT ctid FROM term WHERE edition = $1 LIMIT $2))',
        [id, SLICE],
      );
      if ((rowCount ?? 0) < SLICE) break;
    }
    await pool.query('DELETE FROM term_edition WHERE id = $1', [id]);
  }
}
