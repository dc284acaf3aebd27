// Handlers that go round in a loop: those that take part are stopped, with one dead letter that names them. Others are given
// their events however long the chain is.

import type { Pool } from 'pg';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { StoredEvent } from '#store/contract.ts';
import { inTransaction, type Queryable } from '#store/transaction.ts';
import { chainOf, type Loop, loopOf, turnsOf } from './chain.ts';
import { deliveryId } from './own-events.ts';
import type { Verdict } from './run.ts';
import type { Subscription } from './subscriptions.ts';

/** Runs of one handler in a chain. */
const MOST_TURNS = 8;
/** Events in a chain, from which on no handler comes again. */
const LONGEST = 32;
/** Runs in which a handler came again and caused something, of all chains that began in one event; and what they caused. */
const MOST_RUNS = 100;
const MOST_EVENTS = 1_000;

type Failed = Extract<Verdict, { state: 'failed' }>;

/** Why a handler is not given an event: `failed` for the dead letter of the loop, `skipped` for what comes after it. */
export type Stop =
  | (Failed & { readonly loop: string })
  | { readonly state: 'skipped'; readonly error: Failed['error'] & { readonly letter: string } };

/**
 * Whether a handler is not given an event, since it closes a loop. Asks the database only about handlers that come again, and
 * answers the same at every node, and after a restart.
 */
export async function stopOf(pool: Pool, subscription: Subscription, event: StoredEvent): Promise<Stop | undefined> {
  const chain = chainOf(event);
  const turns = turnsOf(chain, subscription);
  if (turns === 0) return undefined;
  const loop = loopOf(event, subscription);
  const so = await soFar(pool, chain.root, loop, subscription);
  const limit = limitOf(turns, event.depth, so);
  if (so.letter === null && limit === undefined) return undefined;
  const id = deliveryId(event.id, subscription.id);
  const letter = so.letter ?? (await claim(pool, chain.root, loop, id));
  if (letter !== id) return { state: 'skipped', error: { ...errorOf('delivery.loop-ended', { letter }), letter } };
  const error = errorOf('delivery.loop', { limit: limit ?? `${turns} runs in a row`, loop: loop.text });
  return { state: 'failed', retryable: false, afterMs: 0, error, loop: loop.text };
}

/** The loop of a dead letter that is tried again may go round again, until it is stopped by another. */
export async function release(client: Queryable, letter: string): Promise<void> {
  await client.query('DELETE FROM stopped_loop WHERE letter = $1', [letter]);
}

interface SoFar {
  /** The dead letter of a loop in which one of these took part, of the same root. */
  readonly letter: string | null;
  readonly runs: number;
  readonly events: number;
}

async function soFar(pool: Pool, root: string, { members }: Loop, { plugin, handler }: Subscription): Promise<SoFar> {
  const { rows } = await pool.query<SoFar>({
    name: 'loop_so_far',
    text: `SELECT (${LETTER}) AS letter, count(DISTINCT execution)::integer AS runs, count(*)::integer AS events FROM (
        SELECT cause->>'execution' AS execution FROM event
        WHERE cause->>'root' = $1 AND cause->>'turn' IS NOT NULL AND cause->>'plugin' = $3 AND cause->>'handler' = $4
        LIMIT ${MOST_EVENTS}
      ) AS caused`,
    values: [root, members, plugin, handler],
  });
  return rows[0]!;
}

const LETTER = 'SELECT letter FROM stopped_loop WHERE root = $1 AND subscription = ANY ($2) ORDER BY at LIMIT 1';

/** What a handler has used up, in words; undefined while it may run. */
function limitOf(turns: number, depth: number, { runs, events }: SoFar): string | undefined {
  if (turns >= MOST_TURNS) return `${turns} runs in a row`;
  if (depth >= LONGEST) return `${depth} events in a row`;
  if (runs >= MOST_RUNS) return `${runs} runs`;
  return events >= MOST_EVENTS ? `${events} events` : undefined;
}

/** Makes `id` the dead letter of the loop. Returns the one that is, where another chain or node was first. */
async function claim(pool: Pool, root: string, { members }: Loop, id: string): Promise<string> {
  return inTransaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [root]);
    const { rows } = await client.query<{ letter: string }>(LETTER, [root, members]);
    if (rows[0]) return rows[0].letter;
    await client.query('INSERT INTO stopped_loop (root, subscription, letter) SELECT $1, unnest($2::text[]), $3', [
      root,
      members,
      id,
    ]);
    return id;
  });
}

function errorOf(code: 'delivery.loop' | 'delivery.loop-ended', values: Record<string, string>): Failed['error'] {
  const { message, next } = new Refusal(code, values);
  return { code, message: `${message} ${next}` };
}
