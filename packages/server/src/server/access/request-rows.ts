// The audit rows of a request: those of its writes are written with the writes, the others before its reply.

import type { FastifyRequest } from 'fastify';
import type { Disclosure } from '#chart/origin.ts';
import { type AccessRow, type Disclosed, rowsOf } from '#store/audit/disclosed.ts';
import type { AuditRow } from '#store/audit/row.ts';
import type { AuditTrail } from '#store/audit/trail.ts';
import type { Access } from './tokens.ts';

/** A handler's note of one access to patient data; the rest of the row is already known. */
export interface AuditEntry {
  /** In the FHIR API `read`, `search` ...; in /api the operation's name: `events.list`. */
  readonly action: string;
  readonly type?: string;
  readonly id?: string;
  readonly patient?: string;
  /** If there are several. */
  readonly patients?: readonly string[];
  /** Defaults to the request's query string. */
  readonly query?: string;
  /** Defaults to the reply's status (an entry of a bundle has its own). */
  readonly status?: number;
}

/** One access, and what it disclosed. */
export interface NotedEntry extends AuditEntry {
  readonly disclosed: readonly Disclosure[];
  /** What was already recorded with the request's writes. */
  readonly kept: Kept | undefined;
}

/** The operation of a route, for the rows of its writes. */
export interface Operation {
  readonly action: string;
  /** Status of a successful answer. */
  readonly status: number;
  /** Type of the record in the path. */
  readonly type?: string;
  readonly id?: string;
}

/** From the header of that name. Accepts only a code. */
export function purposeOf(request: FastifyRequest): string | undefined {
  const purpose = request.headers['x-purpose-of-use'];
  return typeof purpose === 'string' && /^[A-Z]{2,16}$/.test(purpose) ? purpose : undefined;
}

/** What all rows of a request share. */
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

/** The rows of a noted access, except what was recorded with its writes. */
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

/** What has been recorded of a request already. */
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

  /** Whether this access is one of the recorded writes. */
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

/** The FHIR API's names for writes of one record, also in a transaction. */
const WRITES: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete']);

/** The rows of a write: one for each patient and kind of write. */
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

/** For the messages of a live stream: who learned about whom. A message without a patient leaves no row. */
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

/** A record and its patient, as in an event. A line of a plugin's log has neither. */
export interface AboutRecord {
  readonly target?: Omit<Disclosed, 'patient'>;
  readonly patient?: string | null;
}

/** The record that an event discloses with its context. */
export function disclosedBy({ target, patient }: AboutRecord): Disclosed[] {
  return target && patient != null ? [{ ...target, patient }] : [];
}
