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
  /** Where there are several. */
  readonly patients?: readonly string[];
  /** The request's own query string unless given. */
  readonly query?: string;
  /** The status of the reply unless given (an entry of a bundle has its own). */
  readonly status?: number;
}

export interface RequestAccess extends Access {
  /** What the caller says it's for, a code: `TREAT`. */
  readonly purpose?: string;
  /** Notes a record that is handed out. */
  readonly disclose: (disclosure: Disclosure) => void;
  /** Notes an access, with all that was disclosed since the one before; it's written before the reply leaves. */
  audit(entry: AuditEntry): void;
}

/** One access, and what it handed out. */
export interface NotedEntry extends AuditEntry {
  readonly disclosed: readonly Disclosure[];
}

interface Noted {
  access?: Access;
  /** Where it was a cookie that let the request in. */
  session?: Session;
  /** Whether the browser speaks TLS with us, or with a proxy in front; decides the names of cookies. */
  secure?: boolean;
  readonly entries: NotedEntry[];
  /** Disclosed, and not yet part of an entry. */
  disclosed: Disclosure[];
}

const noted = new WeakMap<FastifyRequest, Noted>();

/** The access of a request. Refuses where there is none, which only an open route can meet. */
export function accessOf(request: FastifyRequest): RequestAccess {
  const notes = notesOf(request);
  const { access } = notes;
  if (!access) throw new Refusal('access.unauthenticated');
  const purpose = purposeOf(request);
  return {
    ...access,
    ...(purpose !== undefined && { purpose }),
    audit(entry) {
      notes.entries.push({ ...entry, disclosed: notes.disclosed });
      notes.disclosed = [];
    },
    disclose: (disclosure) => void notes.disclosed.push(disclosure),
  };
}

/** From the header of that name; a code is all that is believed. */
export function purposeOf(request: FastifyRequest): string | undefined {
  const purpose = request.headers['x-purpose-of-use'];
  return typeof purpose === 'string' && /^[A-Z]{2,16}$/.test(purpose) ? purpose : undefined;
}

/** What is known so far: `access` is missing before it was verified, and on open routes outside the table. */
export function notesOf(request: FastifyRequest): Noted {
  const known = noted.get(request);
  if (known) return known;
  const notes: Noted = { entries: [], disclosed: [] };
  noted.set(request, notes);
  return notes;
}

/** What the FHIR door asks. */
export const fhirAccess: AccessPort = { of: accessOf };
