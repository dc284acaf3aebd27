// Names of records, for lists that people read.

import type { CodeableConcept, HumanName, Patient, Reference, Resource } from '@medplum/fhirtypes';
import { isResource } from '@chartwire/sdk/internal/records/chart-record';
import type { ChartReader } from '#chart/contract.ts';
import type { ChartName } from '@chartwire/client/internal/contract/chart-name';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { medicalRecordNumber, nameText } from '@chartwire/sdk/internal/records/person';

/** `Ana Maria Silva`; null for a person without a name. */
export function personName(names: readonly HumanName[] | undefined): string | null {
  return nameText(names) ?? null;
}

export function conceptText(concept: CodeableConcept | undefined): string | null {
  return concept?.text ?? concept?.coding?.find(({ display }) => display)?.display ?? null;
}

/** The name of a person, place, or organization; null if it has none. */
export function recordName(record: Resource | undefined): string | null {
  if (!record || !('name' in record)) return null;
  const { name } = record;
  return Array.isArray(name) ? personName(name as HumanName[]) : typeof name === 'string' ? name : null;
}

/** Adds the patient's name to each row: null if there is none, or the caller may not know it. */
export async function withPatientNames<Row extends { readonly patient: string | null }>(
  reader: ChartReader,
  rows: readonly Row[],
): Promise<(Row & { readonly patientName: string | null })[]> {
  const named = rows.flatMap(({ patient }) => patient ?? []);
  const names = await Names.of(
    reader,
    named.map((id) => `Patient/${id}`),
  );
  return rows.map((row) => ({ ...row, patientName: recordName(names.patient(row.patient ?? '')) }));
}

/** Everyone and everything that a page refers to, read at once. */
export class Names {
  readonly #records: ReadonlyMap<string, Resource>;

  private constructor(records: ReadonlyMap<string, Resource>) {
    this.#records = records;
  }

  static async of({ lists }: ChartReader, references: Iterable<string | undefined>): Promise<Names> {
    const asked = [...new Set(references)].flatMap((reference) => parseReference(reference) ?? []);
    const found = await lists.called(asked);
    return new Names(
      new Map(found.flatMap(({ type, id, record }) => (isResource(record) ? [[`${type}/${id}`, record]] : []))),
    );
  }

  patient(id: string): Patient | undefined {
    return this.#records.get(`Patient/${id}`) as Patient | undefined;
  }

  /** The chart of a patient. Name and number are null if the caller may not know them. */
  chart(id: string): ChartName {
    const patient = this.patient(id);
    return { id, name: recordName(patient), number: (patient && medicalRecordNumber(patient)) ?? null };
  }

  /** The record's current name, or else the reference's display. */
  of(reference: Reference | undefined): string | null {
    return recordName(this.#records.get(reference?.reference ?? '')) ?? reference?.display ?? null;
  }
}
