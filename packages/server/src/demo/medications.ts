// What the patient takes: the list, and the prescriptions behind it.

import type { CodeableConcept, Dosage, MedicationRequest, MedicationStatement } from '@medplum/fhirtypes';
import { RXNORM } from '@chartwire/sdk/internal/kit/systems';
import { fhirDate, fhirInstant } from './calendar.ts';
import { concept, hl7, quantity } from './codes/concept.ts';
import { DRUGS, type Drug, type DrugName } from './codes/drugs.ts';
import { conditionOf, icd10 } from './conditions.ts';
import { during, type KeptVisit, type Life } from './life.ts';
import type { MedicationStory } from './story.ts';

export function medications(life: Life): (MedicationRequest | MedicationStatement)[] {
  return life.story.medications.flatMap((medication) =>
    medication.supply ? [prescription(life, medication), listed(life, medication)] : [listed(life, medication)],
  );
}

function listed(life: Life, medication: MedicationStory): MedicationStatement {
  const { drug, since, until, stopped } = medication;
  const start = life.calendar.day(since);
  return {
    resourceType: 'MedicationStatement',
    id: life.id('MedicationStatement', drug),
    ...(medication.supply
      ? { basedOn: [{ reference: `MedicationRequest/${life.id('MedicationRequest', drug)}` }] }
      : {}),
    status: statusOf(medication),
    ...(stopped ? { statusReason: [{ text: stopped }] } : {}),
    medicationCodeableConcept: drugConcept(drug),
    subject: life.patient,
    effectivePeriod: { start: fhirDate(start), ...(until ? { end: fhirDate(life.calendar.day(until)) } : {}) },
    dateAsserted: during(life.lastVisit, 10),
    reasonCode: [icd10(medication.for)],
    dosage: [dosage(medication)],
  };
}

function prescription(life: Life, medication: MedicationStory): MedicationRequest {
  const { drug, supply, stopped } = medication;
  const visit = prescribedAt(life, medication);
  const condition = conditionOf(life, medication.for);
  return {
    resourceType: 'MedicationRequest',
    id: life.id('MedicationRequest', drug),
    status: statusOf(medication),
    ...(stopped ? { statusReason: { text: stopped } } : {}),
    intent: 'order',
    medicationCodeableConcept: drugConcept(drug),
    subject: life.patient,
    ...(visit ? { encounter: visit.encounter } : {}),
    authoredOn: fhirInstant(visit?.end ?? life.calendar.day(medication.since)),
    requester: life.practice.clinician(life.story.clinician),
    ...(condition ? { reasonReference: [condition] } : { reasonCode: [icd10(medication.for)] }),
    dosageInstruction: [dosage(medication)],
    dispenseRequest: {
      numberOfRepeatsAllowed: supply!.refills,
      quantity: { value: supply!.quantity, unit: supply!.unit },
      expectedSupplyDuration: quantity(supply!.days, 'days', 'd'),
    },
  };
}

/** A course is prescribed at its start; a current medication was last renewed at the latest visit since. */
function prescribedAt(life: Life, { since, until }: MedicationStory): KeptVisit | undefined {
  const began = life.visitOn(life.calendar.workday(since));
  if (until) return began;
  const start = life.calendar.day(since);
  const renewals = life.visits.filter((visit) => visit.hospitalDays === undefined && visit.start >= start);
  return renewals.at(-1) ?? began;
}

function statusOf({ until, stopped }: MedicationStory): 'active' | 'completed' | 'stopped' {
  if (until === undefined) return 'active';
  return stopped ? 'stopped' : 'completed';
}

// v3-GTSAbbreviation has no code for `weekly` alone; UCUM's period says it.
const WEEKLY = { repeat: { frequency: 1, period: 1, periodUnit: 'wk' } } as const;

function dosage({ sig, often }: MedicationStory): Dosage {
  if (often === 'PRN') return { text: sig, asNeededBoolean: true };
  if (often === 'WK') return { text: sig, timing: WEEKLY };
  return { text: sig, timing: { code: { coding: [{ system: hl7('v3-GTSAbbreviation'), code: often }] } } };
}

function drugConcept(name: DrugName): CodeableConcept {
  const drug: Drug = DRUGS[name];
  return drug.rxcui === undefined ? { text: name } : concept(RXNORM, drug.rxcui, drug.display!, name);
}
