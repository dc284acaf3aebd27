// The practice's names, which an attacker would try first as a password.

import type { Pool } from 'pg';

/** Maximum number of records to read, since a directory of organizations may have been imported. */
const MOST = 20;

/** Names of its organizations and locations, oldest first, and its server's host name. */
export async function practiceNames(pool: Pool, origin: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT v.content ->> 'name' AS name FROM (
       (SELECT type, id, version FROM record WHERE type = 'Organization' AND NOT deleted ORDER BY updated_at LIMIT $1)
       UNION ALL
       (SELECT type, id, version FROM record WHERE type = 'Location' AND NOT deleted ORDER BY updated_at LIMIT $1)
     ) AS r JOIN record_version v USING (type, id, version) WHERE v.content ->> 'name' IS NOT NULL`,
    [MOST],
  );
  return [...rows.map(({ name }) => name), new URL(origin).hostname];
}
