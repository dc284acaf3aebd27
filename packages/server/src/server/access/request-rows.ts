// The rows that a request leaves in the audit trail: those of its writes go with the writes, the others before its reply.

import type { FastifyRequest } from 'fastify';
import type { Disclosure } from '#chart/origin.ts';
import { type AccessRow, type Disclosed, rowsOf } from '#store/audit/disclosed.ts';
import type { AuditRow } from '#store/audit/row.ts';
import type { AuditTrail } from '#store/audit/trail.ts';
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

/** One access, and what it handed out. */
export interface NotedEntry extends AuditEntry {
  readonly disclosed: readonly Disclosure[];
  /** What of the request was put on record with what it wrote. */
  readonly kept: Kept | undefined;
}

/** What a route of /api does, for the rows of what it writes. */
export interface Operation {
  readonly action: string;
  /** Of the answer, when it succeeds. */
  readonly status: number;
  /** The record that the path names. */
  readonly type?: string;
  readonly id?: string;
}

/** From the header of that name; a code is all that is believed. */
export function purposeOf(request: FastifyRequest): string | undefined {
  const purpose = request.headers['x-purpose-of-use'];
  return typeof purpose === 'string' && /^[A-Z]{2,16}$/.test(purpose) ? purpose : undefined;
}

/** What all rows of a request have in common. */
export function accessRow(request: FastifyRequest, access: Access, status: number): AccessRow {
  const question = request.url.indexOf('?');
  const purpose = purposeOf(request);
  return {
    at: new Date().toISOString(),
    actor: access.actor,
    action: '',
    query: question < 0 ? null : request.url.slice(question + 1),
    status,
    address: request.ip,
    request: request.id,
    why: purpose === undefined ? null : { purpose },
  };
}

/** The rows of an access that a door noted, without what is on record with what was written. */
export function rowsOfEntry(request: FastifyRequest, access: Access, status: number, entry: NotedEntry): AuditRow[] {
  const { action, query, status: own, disclosed, kept, patient, patients = [], ...about } = entry;
  const base = accessRow(request, access, status);
  const row = { ...base, action, query: query ?? base.query, status: own ?? status };
  const named = patient === undefined ? patients : [patient];
  if (row.status >= 400 || !kept?.tells(entry)) return rowsOf(row, { ...about, patients: named }, disclosed);
  const more = {
    patients: named.filter((one) => !kept.has(one)),
    disclosed: disclosed.filter((one) => !kept.hasRecord(one)),
  };
  if (more.patients.length === 0 && more.disclosed.length === 0) return [];
  return rowsOf(row, { ...about, patients: more.patients }, more.disclosed);
}

/** What of a request is on record already. */
export class Kept {
  readonly #actions = new Set<string>();
  readonly #patients = new Set<string>();
  readonly #records = new Set<string>();

  add(action: string, written: readonly (Disclosed & { readonly version: number })[]): void {
    this.#actions.add(action);
    for (const { type, id, version, patient } of written) {
      this.#records.add(`${type}/${id}`).add(`${type}/${id}@${version}`);
      if (patient !== null) this.#patients.add(patient);
    }
  }

  /** Whether this access is one of those that wrote. */
  tells({ action, type, id }: NotedEntry): boolean {
    return this.#actions.has(action) || (WRITES.has(action) && this.#records.has(`${type}/${id}`));
  }

  has(patient: string): boolean {
    return this.#patients.has(patient);
  }

  hasRecord({ type, id, version }: Disclosed): boolean {
    return version === undefined ? this.#records.has(`${type}/${id}`) : this.#records.has(`${type}/${id}@${version}`);
  }
}

/** How the FHIR door calls writes of one record, also those in a transaction. */
const WRITES: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete']);

/** What was written, as one row for each patient and each way of writing. */
export function rowsOfWrite(
  base: AccessRow,
  operation: Partial<Operation> & Pick<Operation, 'action'>,
  written: readonly (Disclosed & { readonly version: number; readonly deleted: boolean })[],
): AuditRow[] {
  const { action, status, ...about } = operation;
  if (status !== undefined) return rowsOf({ ...base, action, status }, about, written);
  return Array.from(Map.groupBy(written, wayOf)).flatMap(([way, records]) =>
    rowsOf({ ...base, action: action === 'transaction' ? way : action, status: STATUS[way] }, {}, records),
  );
}

const STATUS = { create: 201, update: 200, delete: 204 } as const;

function wayOf({ version, deleted }: { readonly version: number; readonly deleted: boolean }): keyof typeof STATUS {
  return deleted ? 'delete' : version === 1 ? 'create' : 'update';
}

/** For the messages of a live stream: who was told of whom. A message of no patient leaves no row. */
export function streamRecording(
  request: FastifyRequest,
  access: Access,
  action: string,
  audit: Pick<AuditTrail, 'write'>,
): { record(messages: readonly object[]): Promise<void> } {
  return {
    record(messages) {
      const told = messages.flatMap((message) => disclosedBy(message));
      return audit.write(told.length === 0 ? [] : rowsOf({ ...accessRow(request, access, 200), action }, {}, told));
    },
  };
}

/** What names a record and its patient, as an event does; a line of a plugin's log names neither. */
export interface AboutRecord {
  readonly target?: Omit<Disclosed, 'patient'>;
  readonly patient?: string | null;
}

/** The record that an event hands out with its context. */
export function disclosedBy({ target, patient }: AboutRecord): Disclosed[] {
  return target && patient != null ? [{ ...target, patient }] : [];
}
