// Safe retries: with one `Idempotency-Key`, a request is carried out once and always gets the same answer.
//
// The key is claimed durably before the work starts, together with a seed for the ids of new records. If the node dies between
// the work and storing its answer, a claim without an answer remains, and the retry finds the records by id. A refusal creates
// nothing and releases the key, so the request can be corrected and sent again.

import { createHash, randomFillSync } from 'node:crypto';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { uuidv7, uuidv7Time } from '@chartwire/sdk/internal/kit/ids';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import type { Call } from './route.ts';
import type { Services } from './services.ts';

/** One execution of a request. */
export interface Turn {
  /** Id for the n-th record that the request creates, the same on each attempt; undefined without a key. */
  id(n: number): string | undefined;
  /** Time of the first attempt, ISO 8601, if there was one and its answer wasn't stored. */
  readonly begunAt: string | undefined;
}

const ONLY: Turn = { id: () => undefined, begunAt: undefined };
const KEPT = "interval '24 hours'";

interface Claim {
  readonly digest: Buffer;
  readonly seed: string;
  readonly answer: unknown;
  readonly created_at: Date;
}

/** Runs `work` once per key of the caller; without a key, once per request. */
export async function once<T>(
  { access, idempotencyKey: key, params, body }: Pick<Call, 'access' | 'idempotencyKey' | 'params' | 'body'>,
  { store }: Pick<Services, 'store'>,
  operation: string,
  work: (turn: Turn) => Promise<T>,
): Promise<T> {
  if (key === undefined) return work(ONLY);
  if (!/^[ -~]{1,255}$/.test(key)) {
    throw new Refusal('request.header', { header: 'Idempotency-Key', reason: 'it has 1 to 255 printable characters' });
  }
  const actor = `${access.actor.type}/${access.actor.id}`;
  const digest = createHash('sha256')
    .update(printJson([operation, params, body]))
    .digest();
  const name = [actor, key];
  // Held to the end: a parallel request, on any node, waits and gets the same answer.
  return store.exclusively([`idempotency ${name.join(' ')}`], async () => {
    const { claim, fresh } = await claimKey(store.pool, name, digest);
    if (!claim.digest.equals(digest)) throw new Refusal('request.repeated');
    if (claim.answer !== null) return claim.answer as T;
    try {
      const answer = await work(turnOf(claim, fresh));
      await store.pool.query('UPDATE idempotency_key SET answer = $3 WHERE actor = $1 AND key = $2', [
        ...name,
        printJson(answer),
      ]);
      return answer;
    } catch (error) {
      if (error instanceof Refusal) {
        await store.pool.query('DELETE FROM idempotency_key WHERE actor = $1 AND key = $2', name);
      }
      throw error;
    }
  });
}

async function claimKey(
  pool: Services['pool'],
  name: readonly string[],
  digest: Buffer,
): Promise<{ claim: Claim; fresh: boolean }> {
  await pool.query(`DELETE FROM idempotency_key WHERE created_at < now() - ${KEPT}`);
  const now = Date.now();
  const inserted = await pool.query<Claim>(
    `INSERT INTO idempotency_key (actor, key, digest, seed, created_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING RETURNING digest, seed, answer, created_at`,
    [...name, digest, uuidv7(now, randomFillSync), new Date(now).toISOString()],
  );
  if (inserted.rows[0]) return { claim: inserted.rows[0], fresh: true };
  const { rows } = await pool.query<Claim>(
    'SELECT digest, seed, answer, created_at FROM idempotency_key WHERE actor = $1 AND key = $2',
    [...name],
  );
  // Only its expiry after 24 hours can have removed it in between.
  return rows[0] ? { claim: rows[0], fresh: false } : claimKey(pool, name, digest);
}

/** Ids are UUIDv7 with the claim's time and a digest as random part, so they sort like others and can be derived again. */
function turnOf({ seed, created_at }: Claim, fresh: boolean): Turn {
  const ids = (n: number) => (bytes: Uint8Array) => {
    bytes.set(createHash('sha256').update(`${seed} ${n}`).digest().subarray(0, bytes.length));
    return bytes;
  };
  return {
    id: (n) => uuidv7(uuidv7Time(seed), ids(n)),
    begunAt: fresh ? undefined : created_at.toISOString(),
  };
}
