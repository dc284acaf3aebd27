// Updates a database to this version of Chartwire: forward only, at every start, one node at a time.

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { ClientBase } from 'pg';
import { protectTrail } from './audit/protection.ts';
import { StartRefused } from './embedded/start-refused.ts';
import { transaction } from './transaction.ts';

const FOLDER = new URL('./migrations/', import.meta.url);
/** Advisory lock for migrations; an arbitrary number. */
const LOCK = 7_263_001;

export interface Migration {
  /** `0001-core`. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text, hex: an applied migration must never be edited. */
  readonly digest: string;
}

/** The database can't be used with this version. The message says what to do. */
export class MigrationRefused extends StartRefused {
  override readonly name = 'MigrationRefused';
}

/** The migrations of this version, oldest first. */
export async function migrations(): Promise<Migration[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (file) => {
      const sql = await readFile(new URL(file, FOLDER), 'utf8');
      return { name: file.slice(0, -'.sql'.length), sql, digest: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Applies missing migrations, each in its own transaction. `upTo` stops after that one (for tests). */
export async function migrate(client: ClientBase, upTo?: string): Promise<{ applied: string[] }> {
  await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
  try {
    await client.query(
      'CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const known = await migrations();
    const { rows } = await client.query<{ name: string; digest: string }>('SELECT name, digest FROM migration');
    refuseStrangers(rows, known);
    const done = new Set(rows.map((row) => row.name));
    const applied: string[] = [];
    for (const migration of known) {
      if (!done.has(migration.name)) {
        await apply(client, migration);
        applied.push(migration.name);
      }
      if (migration.name === upTo) break;
    }
    await protectTrail(client);
    return { applied };
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
  }
}

function refuseStrangers(rows: readonly { name: string; digest: string }[], known: readonly Migration[]): void {
  const byName = new Map(known.map((migration) => [migration.name, migration]));
  for (const row of rows) {
    const migration = byName.get(row.name);
    if (!migration) {
      throw new MigrationRefused(
        `The database was made by a newer version of Chartwire (it has the migration ${row.name}). Start that version, or use another data folder.`,
      );
    }
    if (migration.digest !== row.digest) {
      throw new MigrationRefused(
        `The migration ${row.name} differs from the one this database was made with. Start the version of Chartwire that made it, or use another data folder.`,
      );
    }
  }
}

async function apply(client: ClientBase, migration: Migration): Promise<void> {
  await transaction(client, async () => {
    await client.query(migration.sql);
    await client.query('INSERT INTO migration (name, digest) VALUES ($1, $2)', [migration.name, migration.digest]);
  });
}
