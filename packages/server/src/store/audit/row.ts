// A row of the audit trail: who saw or changed what about one patient, when, from where, and why.

import type { Actor } from '@chartwire/sdk/internal/kit/event';

/** May contain PHI (`query`), which logs must not. */
export interface AuditRow {
  /** ISO 8601 with milliseconds, in UTC. */
  readonly at: string;
  readonly actor: Actor;
  /** `read`, `search`, `create` ... in FHIR, an operation of /api (`events.list`), `plugin.read`, `plugin.search`. */
  readonly action: string;
  /** The type of the only record, or of the one in the path. */
  readonly type: string | null;
  readonly record: string | null;
  /** The version that was disclosed or written. */
  readonly version: number | null;
  readonly patient: string | null;
  /** If there are several: `{"Observation": ["id@version"]}`, or `id` alone if the version isn't known. */
  readonly records: Readonly<Record<string, readonly string[]>> | null;
  /** The query string as sent. */
  readonly query: string | null;
  /** HTTP status of the answer. */
  readonly status: number;
  readonly address: string | null;
  /** Id of the request, as in the server's log and in `x-request-id`. */
  readonly request: string | null;
  readonly why: Why | null;
}

/** The purpose of an access. */
export interface Why {
  /** A code of http://terminology.hl7.org/CodeSystem/v3-ActReason, as stated by the caller: `TREAT`. */
  readonly purpose?: string;
  /** The event that a plugin answered, its execution, and its handler. */
  readonly event?: string;
  readonly execution?: string;
  readonly handler?: string;
  /** For `audit.prune`: the rule, and the new start of each chain. */
  readonly rule?: string;
  readonly begins?: readonly { readonly chain: number; readonly first: number; readonly base: string }[];
}

/** A row with its position in its chain. */
export interface ChainedRow extends AuditRow {
  readonly id: string;
  readonly chain: number;
  /** From 1, one more than the previous row of the chain. */
  readonly seq: number;
  /** SHA-256, hex. */
  readonly hash: string;
}

/** Start and end of a chain. An operator who stores the heads elsewhere can detect a truncated or rewritten trail. */
export interface ChainHead {
  readonly chain: number;
  /** The oldest row kept, and the hash before it, hex. */
  readonly first: number;
  readonly base: string;
  /** The newest row (0 if there is none) and its hash. */
  readonly seq: number;
  readonly head: string;
}

/** Minimum years that rows are kept; `audit.prune` refuses less from anyone. */
export const LEAST_YEARS = 1;

/** Maximum length of a text, since query strings have no limit of their own. */
const LONGEST = 4_000;

/** The argument of the SQL function `audit.append`. */
export function trailOf(rows: readonly AuditRow[]): string {
  return JSON.stringify(rows, storable);
}

/** A text that PostgreSQL can't store would fail the whole batch: removes U+0000 and lone surrogates. */
function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.slice(0, LONGEST).replaceAll('\0', '').toWellFormed() : value;
}
