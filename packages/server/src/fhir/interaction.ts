// One FHIR interaction, from a single HTTP request or an entry of a bundle: its request and its response.

import type { Resource, ResourceType } from '@medplum/fhirtypes';
import type { Chart, ChartReader } from '#chart/contract.ts';
import type { Origin } from '#chart/origin.ts';
import type { ChartDraft } from '#chart/draft.ts';
import type { Fault } from '@chartwire/sdk/internal/kit/errors';
import { JsonText } from '@chartwire/sdk/internal/kit/json/print';
import type { StoredVersion } from '#store/contract.ts';
import type { Access, AuditAction } from './access-port.ts';
import type { Pending } from './bundle/pending.ts';
import type { Handling } from './headers.ts';

/** Where a request is carried out: the chart, for whom, and what absolute URLs begin with. */
export interface Door {
  readonly chart: Chart;
  readonly access: Access;
  readonly origin: Origin;
  /** The chart, as far as they may read it. */
  readonly reader: ChartReader;
  /** Absolute URL of the FHIR base, without a slash at its end. */
  readonly baseUrl: string;
}

/** What a client makes its request depend on; header values as they were sent. */
export interface Conditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  readonly ifNoneExist?: string | undefined;
}

export interface FhirRequest {
  readonly type: ResourceType;
  /** From the address; `''` where the address has none. */
  readonly id: string;
  /** From the address; `''` where the address has none. */
  readonly version: string;
  /** Search parameters and similar, without `_format` and `_pretty`. */
  readonly query: URLSearchParams;
  readonly conditions: Conditions;
  /** What `Prefer` asks to be done with search parameters that are not known. */
  readonly handling?: Handling | undefined;
  readonly body: unknown;
}

/** A resource to send: as stored, or made for the response. */
export type Served = Resource | JsonText;

/** A stored version to send; undefined for a deletion. */
export function servedVersion({ text }: Pick<StoredVersion, 'text'>): JsonText | undefined {
  return text === undefined ? undefined : new JsonText(text);
}

export interface Answer {
  readonly status: number;
  /** What is sent, unless Prefer asks for less. */
  readonly resource?: Served;
  /** Gives ETag and Last-Modified. */
  readonly version?: Pick<StoredVersion, 'type' | 'id' | 'version' | 'at'>;
  /** Whether the answer says where the record is: Location after a write. */
  readonly located?: boolean;
  /** Unchecked parts of a written resource, reported if an OperationOutcome is requested. */
  readonly unchecked?: readonly Fault[];
  /** The patient whose chart was touched, for the audit. */
  readonly patient?: string | null;
}

/** Answers from committed records. */
export interface Reading {
  readonly kind: 'reading';
  run(door: Door, request: FhirRequest): Promise<Answer>;
}

/** A unit of work of its own, which no transaction can hold. */
export interface Operating {
  readonly kind: 'operating';
  run(door: Door, request: FhirRequest, action: AuditAction): Promise<Answer>;
}

/** What a write is about to do to which record. `none`: a conditional create or delete that finds nothing to do. */
export interface Aim {
  readonly action: 'create' | 'update' | 'patch' | 'delete' | 'none';
  readonly type: ResourceType;
  /** Undefined when there is no such record: a conditional delete without a match. */
  readonly id: string | undefined;
}

/**
 * Fills a draft, in two steps, so that a transaction knows every id before the first record is written: `aim` finds
 * out which record it is and whether it may, `apply` writes it. Both may run again on a newer state.
 */
export interface Writing {
  readonly kind: 'writing';
  /** Keys that no other write may hold at the same time: of the criteria it searches by. */
  keys(request: FhirRequest): readonly string[];
  aim(desk: Desk, request: FhirRequest): Promise<Aim>;
  apply(desk: Desk, request: FhirRequest, aim: Aim): Promise<void>;
}

/** Where a write is prepared. */
export interface Desk extends Door {
  readonly draft: ChartDraft;
  /** In a transaction: what its other entries are about to make of records. */
  readonly pending?: Pending;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A row of the table of interactions (table.ts). */
export interface Interaction {
  readonly name: string;
  readonly method: Method;
  /** Below the base, `:type`, `:id`, and `:version` are placeholders, and all other segments literal. */
  readonly path: string;
  readonly audit: AuditAction;
  /** The accepted media types of the body. Defaults to none. */
  readonly body?: 'resource' | 'patch' | 'form';
  readonly does: Reading | Writing | Operating;
  /** What it adds to the CapabilityStatement. */
  readonly capability: Capability;
}

/** `code` is of http://hl7.org/fhir/restful-interaction, `flag` an element of CapabilityStatement.rest.resource. */
export type Capability =
  | { readonly code: string; readonly flag?: Readonly<Record<string, unknown>> }
  | { readonly flag: Readonly<Record<string, unknown>> }
  | { readonly operation: string; readonly definition: string; readonly only?: ResourceType };
