// Bearer tokens: created, listed, revoked, and checked on every request. Only their SHA-256 is stored.

import { createHash, randomFillSync, timingSafeEqual } from 'node:crypto';
import type { Pool } from 'pg';
import { type Fault, Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Actor } from '@chartwire/sdk/internal/kit/event';
import { isFhirId, uuidv7 } from '@chartwire/sdk/internal/kit/ids';
import { ADMIN_SCOPE, parseScope, ScopeSet } from '@chartwire/sdk/internal/kit/scopes';
import { isScoped } from '@chartwire/sdk/internal/records/resource-types';
import type { Queryable } from '#store/transaction.ts';
import { newToken } from './admin-token.ts';
import { administer, type Caller } from './administration.ts';
import { requireGrant } from './granting.ts';

/** What a token allows. */
export interface Access {
  readonly actor: Actor;
  readonly scopes: ScopeSet;
  /** The only patient whose records it opens; null if it isn't bound to one. */
  readonly patient: string | null;
}

/** A token in a list, without its secret. Times are ISO 8601 in UTC. */
export interface TokenView {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly patient: string | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  /** To the minute. */
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

export interface NewToken {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly patient?: string | null;
  /** ISO 8601. */
  readonly expiresAt?: string | null;
}

interface TokenRow {
  id: string;
  name: string;
  scopes: string[];
  patient: string | null;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

interface Held {
  readonly access: Access;
  /** By the steady clock, in milliseconds: after it the row is read again, however the time of day is set. */
  readonly until: number;
}

/** Milliseconds for which this node may accept a token that another node revoked. */
const CACHE_MS = 5_000;
const CACHE_SIZE = 1_000;
const TOKEN = /^cw_[\w-]{43}$/;
const ALL: readonly string[] = ['system/*.cruds', ADMIN_SCOPE];
const COLUMNS = 'id, name, scopes, patient, created_at, expires_at, last_used_at, revoked_at';

export class Tokens {
  readonly #pool: Pool;
  readonly #adminHash: Buffer;
  readonly #admin: Access;
  /** By hash, oldest first. */
  readonly #held = new Map<string, Held>();
  /** Increases with each revocation, so that a row read before one isn't cached after it. */
  #revocations = 0;

  constructor(pool: Pool, adminToken: string) {
    this.#pool = pool;
    this.#adminHash = hashOf(adminToken);
    this.#admin = {
      actor: { type: 'client', id: 'admin', display: 'administrator' },
      scopes: new ScopeSet(ALL),
      patient: null,
    };
  }

  /** Creates a token with at most the granter's scopes. Only this answer ever shows it. */
  async create(
    wish: NewToken,
    caller: Caller,
    granter: Pick<Access, 'scopes'>,
  ): Promise<TokenView & { readonly token: string }> {
    refuseFaulty(wish);
    requireGrant(granter, wish.scopes);
    return administer(this.#pool, caller, (client) => this.#insert(client, wish));
  }

  async #insert(on: Queryable, wish: NewToken): Promise<TokenView & { readonly token: string }> {
    const token = newToken();
    const { rows } = await on.query<TokenRow>(
      `INSERT INTO access_token (id, name, hash, scopes, patient, expires_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${COLUMNS}`,
      [
        uuidv7(Date.now(), randomFillSync),
        wish.name,
        hashOf(token),
        wish.scopes,
        wish.patient ?? null,
        wish.expiresAt ?? null,
      ],
    );
    return { ...viewOf(rows[0]!), token };
  }

  /** Oldest first, including revoked ones. `after` is the previous page's `next`. */
  async list(page: { after?: string; limit: number }): Promise<{ items: TokenView[]; next: string | null }> {
    const { rows } = await this.#pool.query<TokenRow>(
      `SELECT ${COLUMNS} FROM access_token WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2`,
      [page.after ?? null, page.limit + 1],
    );
    const items = rows.slice(0, page.limit).map(viewOf);
    return { items, next: rows.length > page.limit ? items.at(-1)!.id : null };
  }

  /** Revokes a token: at once on this node, within five seconds on others. */
  async revoke(id: string): Promise<TokenView> {
    const { rows } = await this.#pool.query<TokenRow & { hash: Buffer }>(
      `UPDATE access_token SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 RETURNING ${COLUMNS}, hash`,
      [id],
    );
    const row = rows[0];
    if (!row) throw new Refusal('token.not-found', { id });
    this.#revocations++;
    this.#held.delete(row.hash.toString('base64'));
    return viewOf(row);
  }

  /** What the tokens with these ids currently allow. Ended tokens are absent. */
  async standing(ids: readonly string[]): Promise<ReadonlyMap<string, ScopeSet>> {
    const { rows } = await this.#pool.query<{ id: string; scopes: string[] }>(
      `SELECT id, scopes FROM access_token
       WHERE id = ANY($1) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
      [ids],
    );
    return new Map(rows.map(({ id, scopes }) => [id, new ScopeSet(scopes)]));
  }

  /** What `token` allows; undefined if it is unknown, expired, or revoked. */
  async verify(token: string): Promise<Access | undefined> {
    const hash = hashOf(token);
    if (timingSafeEqual(hash, this.#adminHash)) return this.#admin;
    if (!TOKEN.test(token)) return undefined;
    const key = hash.toString('base64');
    const held = this.#held.get(key);
    if (held && held.until > performance.now()) return held.access;
    this.#held.delete(key);
    return this.#read(key, hash);
  }

  async #read(key: string, hash: Buffer): Promise<Access | undefined> {
    const before = this.#revocations;
    const { rows } = await this.#pool.query<TokenRow>({
      name: 'token-verify',
      text: `WITH known AS (
          SELECT ${COLUMNS} FROM access_token
          WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
        ), used AS (
          UPDATE access_token t SET last_used_at = now() FROM known
          WHERE t.id = known.id AND (known.last_used_at IS NULL OR known.last_used_at < now() - interval '1 minute')
        ) SELECT * FROM known`,
      values: [hash],
    });
    const row = rows[0];
    if (!row || before !== this.#revocations) return row && this.#read(key, hash);
    const access: Access = {
      actor: { type: 'client', id: row.id, display: row.name },
      scopes: new ScopeSet(row.scopes),
      patient: row.patient,
    };
    const left = row.expires_at ? row.expires_at.getTime() - Date.now() : CACHE_MS;
    const until = performance.now() + Math.min(CACHE_MS, left);
    this.#held.set(key, { access, until });
    if (this.#held.size > CACHE_SIZE) this.#held.delete(this.#held.keys().next().value!);
    return access;
  }
}

/** Refuses requests for a token that would mean something else than its creator expects. */
function refuseFaulty(wish: NewToken): void {
  const faults: Fault[] = ScopeSet.faults(wish.scopes).map((text) => ({
    path: '/scopes',
    message: `${text} is not a SMART v2 scope such as system/Observation.rs`,
  }));
  for (const text of wish.scopes) {
    const scope = parseScope(text);
    if (!scope || isScoped(scope.type)) continue;
    faults.push({ path: '/scopes', message: `${text} names no FHIR R4 type, nor Note or Command` });
  }
  const bound = wish.scopes.some((text) => text.startsWith('patient/'));
  if (bound && !wish.patient) {
    faults.push({ path: '/patient', message: 'patient/ scopes open one patient: name it' });
  }
  if (wish.patient && wish.scopes.some((text) => parseScope(text)?.context !== 'patient')) {
    faults.push({ path: '/scopes', message: 'a token bound to a patient holds patient/ scopes only' });
  }
  if (wish.patient && !isFhirId(wish.patient)) faults.push({ path: '/patient', message: 'not a FHIR logical id' });
  if (wish.expiresAt && !(Date.parse(wish.expiresAt) > Date.now())) {
    faults.push({ path: '/expiresAt', message: 'not a time to come' });
  }
  if (faults.length > 0) throw new Refusal('request.invalid', { reason: faults[0]!.message }, faults);
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function viewOf(row: TokenRow): TokenView {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    patient: row.patient,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}
