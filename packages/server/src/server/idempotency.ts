// Requests that may be repeated: under one `Idempotency-Key` the same request is carried out once, and answered alike.
//
// The key is claimed, durably, before the work begins, together with the seed from which the work takes its ids. So
// whoever dies between the work and keeping its answer leaves a claim without an answer, and the repeat finds by id
// what was made. A refusal makes nothing: it gives the key back, so that the request can be sent again, corrected.

import { createHash, randomFillSync } from 'node:crypto';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { uuidv7, uuidv7Time } from '@chartwire/sdk/internal/kit/ids';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import type { Call } from './route.ts';
import type { Services } from './services.ts';

/** One carrying out of a request. */
export interface Turn {
  /** Id for the n-th record that the request makes, the same each time; undefined when it has no key. */
  id(n: number): string | undefined;
  /** When the request first came, as ISO 8601, if that was before and no answer was kept. */
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

/** Does `work`, once for each key of the caller; without a key, once for each request. */
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
  // Held to the end: who comes meanwhile, on any node, waits and is given the same answer.
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
  // Only the passing of its 24 hours can have taken it away between the two.
  return rows[0] ? { claim: rows[0], fresh: false } : claimKey(pool, name, digest);
}

/** Ids are UUIDv7 of the claim's time whose random part is a digest: they sort like others and can be made again. */
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
