// Who is behind a request, and what of it goes to the audit trail. The doors read it from here; admission.ts fills it.

import type { FastifyRequest } from 'fastify';
import type { Disclosure, WriteTrail } from '#chart/origin.ts';
import type { AccessPort } from '#fhir/access-port.ts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import {
  type AuditEntry,
  accessRow,
  Kept,
  type NotedEntry,
  type Operation,
  purposeOf,
  rowsOfWrite,
} from './request-rows.ts';
import type { Session } from './sessions.ts';
import type { Access } from './tokens.ts';

export interface RequestAccess extends Access {
  /** What the caller says it's for, a code: `TREAT`. */
  readonly purpose?: string;
  /** Notes a record that is handed out. */
  readonly disclose: (disclosure: Disclosure) => void;
  /** Notes an access, with all that was disclosed since the one before; it's written before the reply leaves. */
  audit(entry: AuditEntry): void;
  /** For the origin of a write; at /api the action is the route's. */
  trail(action?: string): WriteTrail;
}

interface Noted {
  access?: Access;
  /** Where it was a cookie that let the request in. */
  session?: Session;
  /** Where the session got another cookie: the hash of the one before. */
  renewedFrom?: Buffer;
  /** Whether the browser speaks TLS with us, or with a proxy in front; decides the names of cookies. */
  secure?: boolean;
  readonly entries: NotedEntry[];
  /** Disclosed, and not yet part of an entry. */
  disclosed: Disclosure[];
  kept?: Kept;
  operation?: Operation;
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
      notes.entries.push({ ...entry, disclosed: notes.disclosed, kept: notes.kept });
      notes.disclosed = [];
    },
    disclose: (disclosure) => void notes.disclosed.push(disclosure),
    trail(action) {
      const operation = action === undefined ? notes.operation! : { action };
      return {
        rows: (written) => (written.length === 0 ? [] : rowsOfWrite(accessRow(request, access, 0), operation, written)),
        kept(written) {
          notes.kept ??= new Kept();
          notes.kept.add(operation.action, written);
        },
      };
    },
  };
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
