// Where the steps take place: a patient with a chart to work on, and the practice around.

import type { Patient, Questionnaire } from '@medplum/fhirtypes';
import type { Option } from '@chartwire/sdk/internal/kit/schema';
import {
  ALLERGY_CLINICAL,
  CONDITION_CLINICAL,
  CONDITION_VERIFICATION,
  LOINC,
  RXNORM,
  SNOMED,
} from '@chartwire/sdk/internal/kit/systems';
import { concept } from '../codes/concept.ts';
import type { Stored } from '@chartwire/client/internal/client/index';
import type { Door } from './door.ts';

/** Records that commands name, as their options. */
type Cast = Readonly<
  Record<'allergy' | 'condition' | 'goal' | 'medication' | 'organization' | 'practitioner' | 'questionnaire', Option>
>;

export interface Scene {
  readonly door: Door;
  readonly patient: Stored<Patient>;
  readonly subject: { readonly reference: string };
  readonly cast: Cast;
}

const MOOD: Questionnaire = {
  resourceType: 'Questionnaire',
  status: 'active',
  title: 'Mood',
  item: [{ linkId: 'mood', text: 'How do you feel?', type: 'string' }],
};

export async function openScene(door: Door): Promise<Scene> {
  const patient = await door.create<Patient>({ resourceType: 'Patient', name: [{ family: 'Everyone' }] });
  const subject = { reference: `Patient/${patient.id}` };
  const option = async (record: Parameters<Door['create']>[0], text: string): Promise<Option> => ({
    value: (await door.create(record)).id,
    text,
  });
  const cast: Cast = {
    allergy: await option(
      {
        resourceType: 'AllergyIntolerance',
        clinicalStatus: concept(ALLERGY_CLINICAL, 'active', 'Active'),
        code: concept(RXNORM, '4053', 'erythromycin'),
        patient: subject,
      },
      'Erythromycin',
    ),
    condition: await option(
      {
        resourceType: 'Condition',
        clinicalStatus: concept(CONDITION_CLINICAL, 'active', 'Active'),
        verificationStatus: concept(CONDITION_VERIFICATION, 'confirmed', 'Confirmed'),
        code: concept(SNOMED, '195967001', 'Asthma'),
        subject,
      },
      'Asthma',
    ),
    goal: await option(
      { resourceType: 'Goal', lifecycleStatus: 'active', description: { text: 'Walk a mile' }, subject },
      'Walk a mile',
    ),
    medication: await option(
      {
        resourceType: 'MedicationStatement',
        status: 'active',
        medicationCodeableConcept: concept(RXNORM, '861007', 'metformin hydrochloride 500 MG Oral Tablet'),
        subject,
      },
      'Metformin',
    ),
    organization: await option({ resourceType: 'Organization', name: 'Corner Pharmacy' }, 'Corner Pharmacy'),
    practitioner: await option({ resourceType: 'Practitioner', name: [{ family: 'Weller' }] }, 'Weller'),
    questionnaire: await option({ ...MOOD, code: [{ system: LOINC, code: '55757-9' }] }, 'Mood'),
  };
  return { door, patient, subject, cast };
}
