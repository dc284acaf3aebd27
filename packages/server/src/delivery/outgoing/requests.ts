// The table of requests to other systems: who may send one now, what became of it, and what people see of it.

import type { Pool } from 'pg';
import type { QueuedRequest } from '@chartwire/sdk/internal/effects/port';
import type { OUTGOING_STATES } from '@chartwire/client/internal/contract/outgoing';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Cause } from '@chartwire/sdk/internal/kit/event';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import type { RequestAnswer, RequestAttempt } from '#store/outgoing.ts';
import { ANY_UUID, EXACT_TIME, readCursor, writeCursor } from '#store/page-cursor.ts';
import type { Reader } from '#store/snapshot.ts';
import type { Queryable } from '#store/transaction.ts';

export type RequestState = (typeof OUTGOING_STATES)[number];

/** Milliseconds for which a node may be sending one: longer than a request may take. Then another node sends it again. */
const LEASE_MS = 60_000;
/** Of one plugin that are looked at together. */
const OF_A_PLUGIN = 16;

/**
 * Its time has come, by the clock of this node ($1). A clock that was set back to before the wait began says nothing of the
 * wait any more: then it is over, so that no request waits for hours that were already gone.
 */
const IS_DUE = `state IN ('pending', 'sending') AND (next_at <= $1 OR since > $1::timestamptz + interval '5 seconds')`;

/** One of a plugin that was removed isn't sent again, by a plugin that has its name later either. */
const PENDING_OF_INSTALLED = `CASE WHEN EXISTS (SELECT FROM plugin WHERE name = owner) THEN 'pending' ELSE 'skipped' END`;

/** One that this node is to send. */
export interface ClaimedRequest {
  readonly id: string;
  readonly owner: string;
  readonly host: string;
  readonly request: QueuedRequest;
  readonly patient: string | null;
  readonly note: string | null;
  readonly cause: Cause;
  readonly depth: number;
  /** This one is the `tries`-th. */
  readonly tries: number;
  readonly attempts: number;
  readonly fence: string;
}

export interface RequestView {
  readonly id: string;
  readonly plugin: string;
  readonly handler: string;
  /** What the handler was given. */
  readonly event: string;
  readonly patient: string | null;
  readonly method: string;
  /** Without its query, which may hold PHI. */
  readonly url: string;
  readonly tag: string | null;
  readonly state: RequestState;
  readonly attempts: readonly RequestAttempt[];
  /** ISO 8601. */
  readonly nextAt: string | null;
  readonly error: { code: string; message: string } | null;
  readonly queuedAt: string;
  readonly at: string;
}

export interface RequestQuery {
  readonly state?: RequestState;
  readonly plugin?: string;
  readonly limit: number;
  readonly after?: string;
}

export class Requests {
  readonly #pool: Pool;
  readonly #now: () => number;
  /** Told when one may have become due. */
  onDue: () => void = () => {};

  constructor(pool: Pool, now: () => number) {
    this.#pool = pool;
    this.#now = now;
  }

  /** Requests that are due, by turns of their owners, who waits longest first. */
  async due(
    owners: readonly string[],
    fullHosts: readonly string[],
  ): Promise<{ id: string; owner: string; host: string }[]> {
    const { rows } = await this.#pool.query<{ id: string; owner: string; host: string }>({
      name: 'due_requests',
      text: `SELECT r.id, r.owner, r.host FROM plugin p CROSS JOIN LATERAL (
          SELECT id, owner, host, next_at, row_number() OVER (ORDER BY next_at, id) AS turn FROM outgoing_request
          WHERE owner = p.name AND host <> ALL ($3) AND ${IS_DUE} ORDER BY next_at, id LIMIT ${OF_A_PLUGIN}
        ) AS r WHERE p.enabled AND p.name = ANY ($2) ORDER BY r.turn, r.next_at LIMIT 64`,
      values: [this.#time(), owners, fullHosts],
    });
    return rows;
  }

  /** Those of them that no other node took meanwhile. */
  async claim(node: string, ids: readonly string[]): Promise<ClaimedRequest[]> {
    const { rows } = await this.#pool.query<ClaimedRequest>({
      name: 'claim_requests',
      text: `UPDATE outgoing_request SET state = 'sending', node = $2, fence = nextval('fence_seq'), tries = tries + 1,
          since = $1, next_at = $1::timestamptz + $4 * interval '1 millisecond'
        WHERE id IN (SELECT id FROM outgoing_request WHERE id = ANY ($3) AND ${IS_DUE} FOR UPDATE SKIP LOCKED)
        RETURNING id, owner, host, request, patient, note, cause, depth, tries, jsonb_array_length(attempts) AS attempts, fence::text`,
      values: [this.#time(), node, ids, LEASE_MS],
    });
    return rows;
  }

  /** What this node was sending when it ended is sent again at once. */
  async takeBack(node: string): Promise<void> {
    await this.#pool.query(`UPDATE outgoing_request SET next_at = $1 WHERE state = 'sending' AND node = $2`, [
      this.#time(),
      node,
    ]);
  }

  /**
   * It failed, and is tried again at `nextAt` (ISO 8601), unless its plugin was removed meanwhile. Without effect when another
   * node has it by now.
   */
  async again(
    { id, fence }: ClaimedRequest,
    nextAt: string,
    attempt: RequestAttempt,
    error: RequestView['error'],
  ): Promise<void> {
    await this.#pool.query(
      `UPDATE outgoing_request SET state = ${PENDING_OF_INSTALLED}, attempts = attempts || $3::jsonb, error = $4, since = $5, next_at = $6
        WHERE id = $1 AND fence = $2 AND state = 'sending'`,
      [id, fence, printJson(attempt), printJson(error), this.#time(), nextAt],
    );
  }

  /** It was not sent after all: its plugin is not here any more. */
  async release({ id, fence }: ClaimedRequest): Promise<void> {
    await this.#pool.query(
      `UPDATE outgoing_request SET state = ${PENDING_OF_INSTALLED}, tries = tries - 1, since = $3, next_at = $3
        WHERE id = $1 AND fence = $2 AND state = 'sending'`,
      [id, fence, this.#time()],
    );
  }

  /** How many of a plugin are not sent yet. */
  async waitingOf(plugin: string): Promise<number> {
    const { rows } = await this.#pool.query<{ count: number }>({
      name: 'waiting_requests',
      text: `SELECT count(*)::integer AS count FROM outgoing_request WHERE owner = $1 AND state IN ('pending', 'sending')`,
      values: [plugin],
    });
    return rows[0]!.count;
  }

  /** How many of a plugin were given up. */
  async deadOf(plugin: string): Promise<number> {
    const { rows } = await this.#pool.query<{ count: number }>({
      name: 'dead_requests',
      text: `SELECT count(*)::integer AS count FROM outgoing_request WHERE owner = $1 AND state = 'dead'`,
      values: [plugin],
    });
    return rows[0]!.count;
  }

  /** Leaves out all of a plugin that are not sent yet, and says how many those were; what is being sent now is sent. */
  async skipAll(client: Queryable, plugin: string): Promise<number> {
    const { rowCount } = await client.query(
      `UPDATE outgoing_request SET state = 'skipped', since = $2 WHERE owner = $1
        AND (state = 'pending' OR state = 'sending' AND next_at <= $2)`,
      [plugin, this.#time()],
    );
    return rowCount ?? 0;
  }

  /** Headers and body of the last answer, for the handler that is given the event. */
  async answerOf(id: string): Promise<RequestAnswer | null> {
    const { rows } = await this.#pool.query<{ answer: RequestAnswer | null }>({
      name: 'request_answer',
      text: 'SELECT answer FROM outgoing_request WHERE id = $1',
      values: [id],
    });
    return rows[0]?.answer ?? null;
  }

  /** Newest first; without a state all that are neither done nor skipped. */
  async list(query: RequestQuery, reader: Reader = this.#pool): Promise<{ items: RequestView[]; next: string | null }> {
    const after = query.after === undefined ? undefined : readCursor(query.after, [EXACT_TIME, ANY_UUID]);
    const { rows } = await reader.query<Row & { exact: string }>(
      `SELECT ${SHOWN}, since::text AS exact FROM outgoing_request
        WHERE ($1::text IS NULL OR owner = $1) AND state = ANY ($2)
          AND ($3::timestamptz IS NULL OR (since, id) < ($3, $4::uuid))
        ORDER BY since DESC, id DESC LIMIT $5`,
      [
        query.plugin ?? null,
        query.state ? [query.state] : ['pending', 'sending', 'dead', 'skipped'],
        after?.[0] ?? null,
        after?.[1] ?? null,
        query.limit,
      ],
    );
    const last = rows.at(-1);
    const more = rows.length === query.limit && last;
    return { items: rows.map(viewOf), next: more ? writeCursor([last.exact, last.id]) : null };
  }

  /** Sends one that was given up or skipped, or that waits, now: with its Idempotency-Key, and all its retries anew. */
  async retry(id: string): Promise<RequestView> {
    await this.#refuseRemoved(id);
    const view = await this.#changed(
      id,
      `state = 'pending', tries = CASE state WHEN 'pending' THEN tries ELSE 0 END, since = $2, next_at = $2`,
      ['dead', 'skipped', 'pending'],
    );
    this.onDue();
    return view;
  }

  /** Leaves out one that was given up. */
  skip(id: string): Promise<RequestView> {
    return this.#changed(id, `state = 'skipped', since = $2`, ['dead']);
  }

  /** Nobody would send one of a plugin that isn't installed. */
  async #refuseRemoved(id: string): Promise<void> {
    const { rows } = await this.#pool.query<{ owner: string }>(
      'SELECT owner FROM outgoing_request WHERE id = $1 AND NOT EXISTS (SELECT FROM plugin WHERE name = owner)',
      [id],
    );
    if (rows[0]) throw new Refusal('plugin.not-found', { name: rows[0].owner });
  }

  async #changed(id: string, change: string, from: readonly RequestState[]): Promise<RequestView> {
    const { rows } = await this.#pool.query<Row>(
      `UPDATE outgoing_request SET ${change} WHERE id = $1 AND state = ANY ($3) RETURNING ${SHOWN}`,
      [id, this.#time(), from],
    );
    if (!rows[0]) throw new Refusal('outgoing.not-found', { id });
    return viewOf(rows[0]);
  }

  #time(): string {
    return new Date(this.#now()).toISOString();
  }
}

const SHOWN = `id, owner, cause, patient, request->'ask'->>'method' AS method, request->'ask'->>'url' AS url,
  request->>'tag' AS tag, state, attempts, next_at, error, queued_at, since`;

interface Row extends Pick<RequestView, 'id' | 'patient' | 'method' | 'url' | 'tag' | 'state' | 'attempts' | 'error'> {
  readonly owner: string;
  readonly cause: Cause;
  readonly next_at: Date;
  readonly queued_at: Date;
  readonly since: Date;
}

function viewOf({ id, owner, cause, patient, method, url, tag, state, attempts, error, ...row }: Row): RequestView {
  return {
    id,
    plugin: owner,
    handler: cause.handler,
    event: cause.event,
    patient,
    method,
    url: url.replace(/[?#].*$/s, ''),
    tag,
    state,
    attempts,
    nextAt: state === 'pending' ? row.next_at.toISOString() : null,
    error,
    queuedAt: row.queued_at.toISOString(),
    at: row.since.toISOString(),
  };
}
