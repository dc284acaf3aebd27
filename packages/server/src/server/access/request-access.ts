// Who makes a request, and what of it goes to the audit trail. admission.ts fills it in; the APIs read it.

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
  /** The caller's stated purpose, a code: `TREAT`. */
  readonly purpose?: string;
  /** Notes a record that is disclosed. */
  readonly disclose: (disclosure: Disclosure) => void;
  /** Notes an access, with everything disclosed since the previous one. Written before the reply leaves. */
  audit(entry: AuditEntry): void;
  /** For the origin of a write. At /api the action is the route's. */
  trail(action?: string): WriteTrail;
}

interface Noted {
  access?: Access;
  /** Present if the request came with a session cookie. */
  session?: Session;
  /** Hash of the previous cookie, if the session got a new one. */
  renewedFrom?: Buffer;
  /** Whether the browser uses TLS with us or with a proxy in front. Decides the names of cookies. */
  secure?: boolean;
  readonly entries: NotedEntry[];
  /** Disclosed records that aren't part of an entry yet. */
  disclosed: Disclosure[];
  kept?: Kept;
  operation?: Operation;
}

const noted = new WeakMap<FastifyRequest, Noted>();

/** The access of a request. Refuses if there is none, which can only happen on open routes. */
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

/** What is known so far: `access` is missing before authentication, and on open routes outside the table. */
export function notesOf(request: FastifyRequest): Noted {
  const known = noted.get(request);
  if (known) return known;
  const notes: Noted = { entries: [], disclosed: [] };
  noted.set(request, notes);
  return notes;
}

/** The interface for the FHIR API. */
export const fhirAccess: AccessPort = { of: accessOf };
