// The limit that Chartwire's writes are measured against: pgbench sending the same statement to the same server.

import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ClientConfig } from 'pg';

const run = promisify(execFile);

/** Where pgbench is; undefined when it is not installed (Debian: the package postgresql). */
export function findPgbench(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const candidates = [...versions.map((version) => `${debian}/${version}/bin/pgbench`), '/usr/bin/pgbench'];
  return candidates.find((path) => existsSync(path));
}

/**
 * Transactions a second of one SQL statement, sent by `clients` connections as a prepared statement.
 * `:p` is a random number from 1 to 1,000.
 */
export async function pgbench(
  connection: ClientConfig,
  sql: string,
  { clients, seconds }: { clients: number; seconds: number },
): Promise<number> {
  const program = findPgbench();
  if (!program) throw new Error('pgbench is not installed');
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-bench-'));
  try {
    const script = join(folder, 'script.sql');
    await writeFile(script, `\\set p random(1, 1000)\n${sql.replaceAll('\n', ' ')};\n`);
    const args = ['-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-T', String(seconds), '-f', script];
    const { stdout } = await run(program, args, { env: environment(connection) });
    const tps = /tps = ([\d.]+)/.exec(stdout)?.[1];
    if (tps === undefined) throw new Error(`pgbench said no tps: ${stdout}`);
    return Number(tps);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function environment({ host, port, user, password, database }: ClientConfig): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    PGHOST: host,
    PGPORT: String(port ?? 5432),
    PGUSER: user,
    PGPASSWORD: typeof password === 'string' ? password : '',
    PGDATABASE: database,
  };
}
