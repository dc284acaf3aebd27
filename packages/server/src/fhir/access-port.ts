// What the FHIR API needs to know about its caller. Implemented by the server, which checks tokens.

import type { FastifyRequest } from 'fastify';
import type { Disclosure, WriteTrail } from '#chart/origin.ts';
import type { Authority } from '@chartwire/sdk/internal/kit/authority';
import type { Actor } from '@chartwire/sdk/internal/kit/event';

export type AuditAction =
  | 'create'
  | 'read'
  | 'vread'
  | 'update'
  | 'patch'
  | 'delete'
  | 'merge'
  | 'history'
  | 'search'
  | 'batch'
  | 'transaction';

/** One access, reported once it has ended; a bundle reports one for itself and one for each executed entry. */
export interface AuditEntry {
  readonly action: AuditAction;
  /** The resource type; `Bundle` for batch and transaction. */
  readonly type: string;
  readonly id?: string;
  /** FHIR id of the patient whose chart was touched, where one patient's was. */
  readonly patient?: string;
  /** Search parameters as they were sent. May hold PHI: for the audit table, not for logs. */
  readonly query?: string;
  /** HTTP status of this access; inside a bundle that of the entry. */
  readonly status: number;
}

/** A holder of a valid token, or a signed-in user. */
export interface Access extends Authority {
  readonly actor: Actor;
  readonly purpose?: string;
  readonly disclose?: (disclosure: Disclosure) => void;
  audit(entry: AuditEntry): void;
  /** For the origin of a write, so that its rows are written with it; `audit` may tell of it all the same. */
  trail?(action: AuditAction): WriteTrail;
}

export interface AccessPort {
  /** Asked only for requests that came with a valid token; the server's hook refused the others. */
  of(request: FastifyRequest): Access;
}
