// One row of the audit trail: who saw or changed what of one patient, when, from where and why.

import type { Actor } from '@chartwire/sdk/internal/kit/event';

/** May hold PHI (`query`), which no log may. */
export interface AuditRow {
  /** ISO 8601 with milliseconds, in UTC. */
  readonly at: string;
  readonly actor: Actor;
  /** `read`, `search`, `create` ... of FHIR, a route of /api (`events.list`), `plugin.read`, `plugin.search`. */
  readonly action: string;
  /** Of the one record, or of the one that the path names. */
  readonly type: string | null;
  readonly record: string | null;
  /** The version that was given or written. */
  readonly version: number | null;
  readonly patient: string | null;
  /** Where there are several: `{"Observation": ["id@version"]}`, or `id` alone where the version isn't known. */
  readonly records: Readonly<Record<string, readonly string[]>> | null;
  /** The query string as it came. */
  readonly query: string | null;
  /** HTTP status of the answer. */
  readonly status: number;
  readonly address: string | null;
  /** Id of the request, as in the server's log and in `x-request-id`. */
  readonly request: string | null;
  readonly why: Why | null;
}

/** What an access was for. */
export interface Why {
  /** A code of http://terminology.hl7.org/CodeSystem/v3-ActReason, as the caller named it: `TREAT`. */
  readonly purpose?: string;
  /** The event that a plugin answered, the run of its handler, and the handler. */
  readonly event?: string;
  readonly execution?: string;
  readonly handler?: string;
  /** Of `audit.prune`: the rule, and where each chain begins now. */
  readonly rule?: string;
  readonly begins?: readonly { readonly chain: number; readonly first: number; readonly base: string }[];
}

/** A row where it stands in its chain. */
export interface ChainedRow extends AuditRow {
  readonly id: string;
  readonly chain: number;
  /** From 1, one more than the row before it in the chain. */
  readonly seq: number;
  /** SHA-256, hex. */
  readonly hash: string;
}

/** Where a chain begins and ends. Whoever keeps the heads elsewhere notices when the trail is cut or written anew. */
export interface ChainHead {
  readonly chain: number;
  /** The oldest row kept, and the hash it rests on, hex. */
  readonly first: number;
  readonly base: string;
  /** The newest row, 0 where there is none, and its hash. */
  readonly seq: number;
  readonly head: string;
}

/** Years that rows are kept at least; `audit.prune` refuses less, whoever asks. */
export const LEAST_YEARS = 1;

/** Characters of one text that are kept: query strings have no limit of their own. */
const LONGEST = 4_000;

/** The argument of the SQL function `audit.append`. */
export function trailOf(rows: readonly AuditRow[]): string {
  return JSON.stringify(rows, storable);
}

/** One text that PostgreSQL can't hold would take the whole batch with it: no U+0000, no half of a surrogate pair. */
function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.slice(0, LONGEST).replaceAll('\0', '').toWellFormed() : value;
}
