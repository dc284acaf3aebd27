// Who is behind a request, and what of it goes to the audit trail. The doors read it from here; admission.ts fills it.

import type { FastifyRequest } from 'fastify';
import type { Disclosure } from '#chart/contract.ts';
import type { AccessPort } from '#fhir/access-port.ts';
import { Refusal } from '#kit/errors.ts';
import type { Session } from './sessions.ts';
import type { Access } from './tokens.ts';

/** What a door says of one access to patient data; the rest of the row is known already. */
export interface AuditEntry {
  /** `read`, `search` ... at the FHIR door; the operation's name at /api: `events.list`. */
  readonly action: string;
  readonly type?: string;
  readonly id?: string;
  readonly patient?: string;
  /** The request's own query string unless given. */
  readonly query?: string;
  /** The status of the reply unless given (an entry of a bundle has its own). */
  readonly status?: number;
}

export interface RequestAccess extends Access {
  readonly purpose?: string;
  readonly disclose?: (disclosure: Disclosure) => void;
  /** Notes an access; it is written before the reply leaves. */
  audit(entry: AuditEntry): void;
}

interface Noted {
  access?: Access;
  /** Where it was a cookie that let the request in. */
  session?: Session;
  /** Whether the browser speaks TLS with us, or with a proxy in front; decides the names of cookies. */
  secure?: boolean;
  readonly entries: AuditEntry[];
}

const noted = new WeakMap<FastifyRequest, Noted>();

/** The access of a request. Refuses where there is none, which only an open route can meet. */
export function accessOf(request: FastifyRequest): RequestAccess {
  const { access, entries } = notesOf(request);
  if (!access) throw new Refusal('access.unauthenticated');
  return { ...access, audit: (entry) => void entries.push(entry) };
}

/** What is known so far: `access` is missing before it was verified, and on open routes outside the table. */
export function notesOf(request: FastifyRequest): Noted {
  const known = noted.get(request);
  if (known) return known;
  const notes: Noted = { entries: [] };
  noted.set(request, notes);
  return notes;
}

/** What the FHIR door asks. */
export const fhirAccess: AccessPort = { of: accessOf };
