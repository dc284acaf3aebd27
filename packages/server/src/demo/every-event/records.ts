// Records of each named kind, through the FHIR API: created, changed, and deleted.

import type { ExtractResource, Resource, ResourceType } from '@medplum/fhirtypes';
import {
  ALLERGY_CLINICAL,
  COMMUNICATION_CATEGORY,
  CONDITION_CLINICAL,
  CVX,
  DIAGNOSTIC_SERVICE,
  HCPCS,
  ICD10CM,
  LOINC,
  OBSERVATION_CATEGORY,
  RXNORM,
  SNOMED,
  TASK_LABEL,
} from '@chartwire/sdk/internal/kit/systems';
import type { NamedKind } from '@chartwire/sdk/internal/records/index';
import { concept, hl7, quantity } from '../codes/concept.ts';
import type { Door } from './door.ts';
import type { Scene } from './scene.ts';
import type { Step } from './step.ts';

/** Creates, changes, and deletes a record. */
type Life = (door: Door) => Promise<void>;

function life<T extends ResourceType>(
  record: ExtractResource<T> & { readonly resourceType: T },
  change: Partial<ExtractResource<T>>,
): Life {
  return async (door) => {
    const made = await door.create<Resource>(record);
    await door.remove(await door.change(made, change));
  };
}

const LIVES: Readonly<Record<NamedKind['prefix'], (scene: Scene) => Life>> = {
  ALLERGY_INTOLERANCE: ({ subject: patient }) =>
    life(
      {
        resourceType: 'AllergyIntolerance',
        clinicalStatus: concept(ALLERGY_CLINICAL, 'active', 'Active'),
        code: concept(RXNORM, '7980', 'penicillin G'),
        patient,
      },
      { criticality: 'high' },
    ),
  APPOINTMENT: ({ subject }) =>
    life(
      { resourceType: 'Appointment', status: 'proposed', participant: [{ actor: subject, status: 'needs-action' }] },
      { comment: 'Brings her inhaler' },
    ),
  BILLING_LINE_ITEM: ({ subject }) =>
    life(
      {
        resourceType: 'ChargeItem',
        status: 'billable',
        code: concept(HCPCS, 'G0444', 'Annual depression screening'),
        subject,
      },
      { quantity: { value: 2 } },
    ),
  CONDITION: ({ subject }) =>
    life(
      {
        resourceType: 'Condition',
        clinicalStatus: concept(CONDITION_CLINICAL, 'active', 'Active'),
        code: concept(ICD10CM, 'R05.9', 'Cough, unspecified'),
        subject,
      },
      { clinicalStatus: concept(CONDITION_CLINICAL, 'resolved', 'Resolved') },
    ),
  CONSENT: ({ subject: patient }) =>
    life(
      {
        resourceType: 'Consent',
        status: 'active',
        scope: concept(hl7('consentscope'), 'patient-privacy', 'Privacy Consent'),
        category: [concept(hl7('consentcategorycodes'), 'npp', 'Notice of Privacy Practices')],
        patient,
        policyRule: concept(hl7('v3-ActCode'), 'OPTIN', 'opt in'),
      },
      { status: 'inactive' },
    ),
  COVERAGE: ({ subject, cast }) =>
    life(
      {
        resourceType: 'Coverage',
        status: 'active',
        beneficiary: subject,
        payor: [{ reference: `Organization/${cast.organization.value}` }],
      },
      { subscriberId: 'LA10000001' },
    ),
  ENCOUNTER: ({ subject }) =>
    life(
      {
        resourceType: 'Encounter',
        status: 'planned',
        class: { system: hl7('v3-ActCode'), code: 'AMB', display: 'ambulatory' },
        subject,
      },
      { status: 'in-progress' },
    ),
  LAB_REPORT: (scene) => report(scene, 'LAB', '24331-1', 'Lipid panel'),
  IMAGING_REPORT: (scene) => report(scene, 'RAD', '36643-5', 'XR Chest 2 Views'),
  IMMUNIZATION_STATEMENT: (scene) => immunization(scene, false),
  IMMUNIZATION: (scene) => immunization(scene, true),
  INSTRUCTION: ({ subject }) =>
    life(
      {
        resourceType: 'CommunicationRequest',
        status: 'active',
        category: [concept(COMMUNICATION_CATEGORY, 'instruction', 'Instruction')],
        subject,
        payload: [{ contentString: 'Walk half an hour a day.' }],
      },
      { status: 'completed' },
    ),
  INTERVIEW: ({ subject }) =>
    life({ resourceType: 'QuestionnaireResponse', status: 'in-progress', subject }, { status: 'completed' }),
  LAB_ORDER: ({ subject }) =>
    life(
      {
        resourceType: 'ServiceRequest',
        status: 'active',
        intent: 'order',
        category: [concept(SNOMED, '108252007', 'Laboratory procedure')],
        code: concept(LOINC, '4548-4', 'Hemoglobin A1c'),
        subject,
      },
      { patientInstruction: 'Come fasting.' },
    ),
  MEDICATION_LIST_ITEM: ({ subject }) =>
    life(
      {
        resourceType: 'MedicationStatement',
        status: 'active',
        medicationCodeableConcept: concept(RXNORM, '314076', 'lisinopril 10 MG Oral Tablet'),
        subject,
      },
      { status: 'stopped' },
    ),
  MESSAGE: ({ subject }) =>
    life(
      { resourceType: 'Communication', status: 'in-progress', subject, payload: [{ contentString: 'See you then.' }] },
      { status: 'completed' },
    ),
  PATIENT: () => life({ resourceType: 'Patient', name: [{ family: 'Brief' }] }, { birthDate: '1970-05-01' }),
  PRESCRIPTION: ({ subject }) =>
    life(
      {
        resourceType: 'MedicationRequest',
        status: 'active',
        intent: 'order',
        medicationCodeableConcept: concept(RXNORM, '314076', 'lisinopril 10 MG Oral Tablet'),
        subject,
      },
      { status: 'completed' },
    ),
  REFERRAL_REPORT: ({ subject }) =>
    life(
      {
        resourceType: 'DocumentReference',
        status: 'current',
        type: concept(LOINC, '11488-4', 'Consult note'),
        subject,
        content: [{ attachment: { contentType: 'text/plain', data: btoa('Nothing found.') } }],
      },
      { docStatus: 'final' },
    ),
  TASK: ({ subject }) => commented(subject),
  VITAL_SIGN: ({ subject }) =>
    life(
      {
        resourceType: 'Observation',
        status: 'preliminary',
        category: [concept(OBSERVATION_CATEGORY, 'vital-signs', 'Vital Signs')],
        code: concept(LOINC, '8867-4', 'Heart rate'),
        subject,
        effectiveDateTime: '2026-01-01T10:00:00Z',
        valueQuantity: quantity(72, 'beats/minute', '/min'),
      },
      { status: 'final' },
    ),
};

function report({ subject }: Scene, section: string, code: string, display: string): Life {
  return life(
    {
      resourceType: 'DiagnosticReport',
      status: 'preliminary',
      category: [concept(DIAGNOSTIC_SERVICE, section, section)],
      code: concept(LOINC, code, display),
      subject,
    },
    { status: 'final', conclusion: 'Nothing unusual' },
  );
}

function immunization({ subject: patient }: Scene, primarySource: boolean): Life {
  return life(
    {
      resourceType: 'Immunization',
      status: 'completed',
      primarySource,
      vaccineCode: concept(CVX, '150', 'influenza, injectable, quadrivalent, preservative free'),
      patient,
      occurrenceDateTime: '2025-10-01',
    },
    { lotNumber: 'A1234' },
  );
}

/** A task with changes of its labels and comments. */
function commented(subject: Scene['subject']): Life {
  return life(
    { resourceType: 'Task', status: 'requested', intent: 'order', description: 'Call', for: subject },
    {
      meta: { tag: [{ system: TASK_LABEL, code: 'phone' }] },
      note: [{ text: 'After six' }],
    },
  );
}

export const RECORD_STEPS: readonly Step[] = Object.entries(LIVES).map(([prefix, lifeIn]) => ({
  name: prefix,
  run: (scene) => lifeIn(scene)(scene.door),
}));
