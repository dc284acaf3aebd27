// Every kind of record in a chart. To add one, write its file and list it here.

import { type ConstantCase, constantCase } from '#kit/constant-case.ts';
import type { RecordKind } from '#kit/record-kind.ts';
import { AllergyIntolerance } from './allergy-intolerance.ts';
import { Appointment } from './appointment.ts';
import { BillingLineItem } from './billing-line-item.ts';
import { Condition } from './condition.ts';
import { Consent } from './consent.ts';
import { Coverage } from './coverage.ts';
import { Encounter } from './encounter.ts';
import { ImagingReport } from './imaging-report.ts';
import { Immunization } from './immunization.ts';
import { ImmunizationStatement } from './immunization-statement.ts';
import { Instruction } from './instruction.ts';
import { Interview } from './interview.ts';
import { LabOrder } from './lab-order.ts';
import { LabReport } from './lab-report.ts';
import { MedicationListItem } from './medication-list-item.ts';
import { Message } from './message.ts';
import { Patient } from './patient.ts';
import { Prescription } from './prescription.ts';
import { ReferralReport } from './referral-report.ts';
import { R4_RESOURCE_TYPES, type R4Resource, type R4ResourceType, typeLabel } from './resource-types.ts';
import { Task } from './task.ts';
import { VitalSign } from './vital-sign.ts';

/** Kinds with their own name. Among kinds of one resource type, the first match applies. */
export const NAMED_KINDS = [
  AllergyIntolerance,
  Appointment,
  BillingLineItem,
  Condition,
  Consent,
  Coverage,
  Encounter,
  LabReport,
  ImagingReport,
  ImmunizationStatement,
  Immunization,
  Instruction,
  Interview,
  LabOrder,
  MedicationListItem,
  Message,
  Patient,
  Prescription,
  ReferralReport,
  Task,
  VitalSign,
] as const;

export type NamedKind = (typeof NAMED_KINDS)[number];

/** Resource types whose records all belong to named kinds, so that no generic kind is needed. */
type WhollyNamed = Exclude<NamedKind, { is: unknown }>['resource'];
type PartlyNamed = Exclude<R4ResourceType, WhollyNamed>;

/** The generic kind for the remaining records of a resource type: `Goal` makes GOAL_CREATED, GOAL_UPDATED, and GOAL_DELETED. */
export type GenericKind = {
  [T in PartlyNamed]: { readonly prefix: ConstantCase<T>; readonly resource: T } & RecordKind<T>;
}[PartlyNamed];

export const GENERIC_KINDS: readonly RecordKind[] = R4_RESOURCE_TYPES.filter(
  (type) => !NAMED_KINDS.some((kind) => kind.resource === type && !('is' in kind)),
).map(genericKind);

export const RECORD_KINDS: readonly RecordKind[] = [...NAMED_KINDS, ...GENERIC_KINDS];

const byType = new Map<string, RecordKind[]>();
for (const kind of RECORD_KINDS) byType.set(kind.resource, [...(byType.get(kind.resource) ?? []), kind]);

/** The kind of a record. Throws for anything but an R4 resource, which the APIs refuse. */
export function kindOfRecord(record: R4Resource): RecordKind {
  const kind = byType.get(record.resourceType)?.find((candidate) => candidate.is?.(record) ?? true);
  if (!kind) throw new Error(`${record.resourceType} is not an R4 resource type`);
  return kind;
}

function genericKind(resource: R4ResourceType): RecordKind {
  const others = NAMED_KINDS.filter((kind) => kind.resource === resource).map((kind) => kind.prefix);
  const where = others.length > 0 ? `none of ${others.join(', ')}` : undefined;
  return {
    prefix: constantCase(resource),
    resource,
    label: typeLabel(resource),
    summary: `The R4 resource ${resource}.`,
    where,
  };
}
