// Who reads or changes a chart, and who is told of it.

import type { Authority } from '@chartwire/sdk/internal/kit/authority';
import type { Actor, Cause, Source } from '@chartwire/sdk/internal/kit/event';
import type { AuditRow } from '#store/audit/row.ts';
import type { StoredVersion } from '#store/contract.ts';

/** Who reads or changes a chart, on what authority, through which door, and why. */
export interface Origin {
  readonly actor: Actor;
  readonly source: Source;
  /** What they may read and change: `chart/` enforces it, no door does. */
  readonly authority: Authority;
  /** Why, in the words of https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html (`TREAT`), where they said. */
  readonly purpose?: string;
  /** Told of every record that is handed out, before it is. */
  readonly disclose?: (disclosure: Disclosure) => void;
  /** The note it happens in. */
  readonly note?: string | null;
  /** Set when an event caused it. */
  readonly cause?: Cause | null;
  /** Depth of the cause, plus one; 0 otherwise. */
  readonly depth?: number;
  /** What the audit trail says of what is written. */
  readonly trail?: WriteTrail;
}

/** The audit trail of writes: in the same statement as the records, so that neither is there without the other. */
export interface WriteTrail {
  /** The rows for these records; asked again when the work is run again. */
  rows(written: readonly StoredVersion[]): readonly AuditRow[];
  /** Told once they're durable. */
  kept(written: readonly StoredVersion[]): void;
}

/**
 * A record that was handed out. `read`: by its id; `search`: as a match; `include`: with the matches of a search;
 * `history`: as it was at a version; `chart`: with the rest of a chart; `list`: as a row of a list at /api; `event`: in the
 * context of an event.
 */
export interface Disclosure {
  readonly how: 'read' | 'search' | 'include' | 'history' | 'chart' | 'list' | 'event';
  readonly type: string;
  readonly id: string;
  readonly version?: number;
  /** FHIR id of the patient whose chart holds it; null for a record outside any chart. */
  readonly patient: string | null;
}
