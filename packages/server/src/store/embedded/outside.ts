// An operator's PostgreSQL server, named by DATABASE_URL: connected to and checked before use.

import pg from 'pg';
import { StartRefused, systemCode } from './start-refused.ts';

/** The oldest supported PostgreSQL. */
const OLDEST_MAJOR = 15;

/** Returns the server's version. `url` may contain a password, so messages quote only host, port, and database. */
export async function checkOutside(url: string): Promise<string> {
  const client = clientFor(url);
  const where = `${client.host}:${client.port}/${client.database}`;
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ number: number; version: string; encoding: string; standby: boolean }>(
      `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
              current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby`,
    );
    const server = rows[0]!;
    const fault = faultOf(server);
    if (fault !== undefined) throw new StartRefused(`The database at ${where} ${fault}.`);
    return server.version.split(' ')[0]!;
  } catch (error) {
    if (error instanceof StartRefused) throw error;
    throw new StartRefused(`The database at ${where} cannot be used: ${reasonOf(error)}.`, { cause: error });
  } finally {
    await client.end().catch(() => {});
  }
}

function clientFor(url: string): pg.Client {
  try {
    if (/^postgres(ql)?:\/\//.test(url))
      return new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  } catch {
    // Reported below: the error quotes the address with its password.
  }
  throw new StartRefused(
    'DATABASE_URL is not a PostgreSQL address: write it as postgres://user:password@host:5432/database.',
  );
}

function faultOf(server: { number: number; version: string; encoding: string; standby: boolean }): string | undefined {
  if (server.number < OLDEST_MAJOR * 10_000) {
    return `is PostgreSQL ${server.version} and Chartwire needs ${OLDEST_MAJOR} or newer: upgrade it, or unset DATABASE_URL to use the one that comes with Chartwire`;
  }
  if (server.encoding !== 'UTF8')
    return `is encoded in ${server.encoding}: make one with ENCODING 'UTF8' and name it in DATABASE_URL`;
  if (server.standby) return 'is a standby that cannot be written: name the primary in DATABASE_URL';
  return undefined;
}

function reasonOf(error: unknown): string {
  const check = 'check DATABASE_URL';
  // A name with several addresses fails with one error each.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  switch (systemCode(first)) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return `nothing answers there; start it or ${check}`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host is not known; ${check}`;
    case '28P01':
    case '28000':
      return `it refuses the user or the password; ${check}`;
    case '3D000':
      return `there is no such database; create it or ${check}`;
    default:
      return `${first instanceof Error ? first.message : String(first)}; ${check}`;
  }
}
