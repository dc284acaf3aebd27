// Who reads or changes a chart, and who is notified.

import type { Authority } from '@chartwire/sdk/internal/kit/authority';
import type { Actor, Cause, Source } from '@chartwire/sdk/internal/kit/event';
import type { AuditRow } from '#store/audit/row.ts';
import type { StoredVersion } from '#store/contract.ts';

/** Who reads or changes a chart, under which authority, through which API, and why. */
export interface Origin {
  readonly actor: Actor;
  readonly source: Source;
  /** What they may read and change; enforced by `chart/`, not by the APIs. */
  readonly authority: Authority;
  /** The purpose, a code of https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html (`TREAT`), if given. */
  readonly purpose?: string;
  /** Called with every record before it is disclosed. */
  readonly disclose?: (disclosure: Disclosure) => void;
  /** The note it happens in. */
  readonly note?: string | null;
  /** Set if an event caused it. */
  readonly cause?: Cause | null;
  /** Depth of the cause, plus one; 0 otherwise. */
  readonly depth?: number;
  /** The audit trail's entry for what is written. */
  readonly trail?: WriteTrail;
}

/** The audit trail of writes, in the same statement as the records, so that neither exists without the other. */
export interface WriteTrail {
  /** The rows for these records; called again if the work reruns. */
  rows(written: readonly StoredVersion[]): readonly AuditRow[];
  /** Called once they are durable. */
  kept(written: readonly StoredVersion[]): void;
}

/**
 * A disclosed record. `read`: by id; `search`: as a match; `include`: with matches; `history`: as a version; `chart`: with a
 * chart; `list`: as a row of a list at /api; `event`: in an event's context.
 */
export interface Disclosure {
  readonly how: 'read' | 'search' | 'include' | 'history' | 'chart' | 'list' | 'event';
  readonly type: string;
  readonly id: string;
  readonly version?: number;
  /** FHIR id of the patient of its chart; null outside any chart. */
  readonly patient: string | null;
}
