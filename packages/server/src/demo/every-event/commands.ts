// Every command through its twelve phases, and every field with a search through its three events.

import { type AnyCommand, COMMANDS } from '@chartwire/sdk/internal/commands/index';
import type { CommandKind, CommittedValues, FieldValues } from '@chartwire/sdk/internal/kit/command-kind';
import type { Option } from '@chartwire/sdk/internal/kit/schema';
import { CVX, HCPCS, ICD10CM, LOINC, RXNORM, SNOMED } from '@chartwire/sdk/internal/kit/systems';
import type { Scene } from './scene.ts';
import type { Step } from './step.ts';

/** How one command is written: complete enough to be committed, then edited. */
interface Script<C extends CommandKind = CommandKind> {
  readonly fields: CommittedValues<C>;
  readonly edit: FieldValues<C>;
  /** What is picked for fields with a search that `fields` leaves out. */
  readonly picks?: FieldValues<C>;
}

type Scripts = { readonly [C in AnyCommand as C['key']]: Script<C> };

const option = (system: string, code: string, text: string): Option => ({
  value: code,
  text,
  coding: [{ system, code, display: text }],
});

const COUGH = option(ICD10CM, 'R05.9', 'Cough, unspecified');
const DIABETES = option(ICD10CM, 'E11.9', 'Type 2 diabetes mellitus without complications');
const LISINOPRIL = option(RXNORM, '314076', 'lisinopril 10 MG Oral Tablet');
const FLU = option(CVX, '150', 'influenza, injectable, quadrivalent, preservative free');

function scripts({ cast }: Scene): Scripts {
  return {
    reasonForVisit: {
      fields: { coding: option(ICD10CM, 'R05.9', 'Cough, unspecified') },
      edit: { comment: 'Cough for a week' },
    },
    hpi: { fields: { narrative: 'It began on Monday.' }, edit: { narrative: 'It began on Sunday.' } },
    vitals: { fields: { pulse: 72 }, edit: { pulse: 74 } },
    questionnaire: {
      fields: { questionnaire: cast.questionnaire, answers: { mood: 'Fine' } },
      edit: { result: 'Fine' },
    },
    assess: { fields: { condition: cast.condition }, edit: { narrative: 'Better' } },
    diagnose: {
      fields: { diagnose: DIABETES, todayAssessment: 'New' },
      edit: { background: 'Screening finding' },
    },
    goal: { fields: goal(), edit: { progress: 'Six hours now' } },
    updateGoal: { fields: { goalStatement: cast.goal, progress: 'Half' }, edit: { progress: 'Most' } },
    closeGoal: {
      fields: { goalStatement: cast.goal, achievementStatus: 'achieved' },
      edit: { progress: 'Every day' },
    },
    medicationStatement: { fields: { medication: LISINOPRIL }, edit: { sig: 'One a day' } },
    prescribe: {
      fields: {
        prescribe: LISINOPRIL,
        sig: 'One tablet a day',
        quantityToDispense: 90,
        typeToDispense: { representativeNdc: '00071022223', ncpdpQuantityQualifierCode: 'C48542' },
        refills: 3,
        substitutions: 'allowed',
        prescriber: cast.practitioner,
      },
      edit: { noteToPharmacist: 'Large print' },
      picks: { indications: [DIABETES], pharmacy: cast.organization, supervisingProvider: cast.practitioner },
    },
    stopMedication: { fields: { medication: cast.medication }, edit: { rationale: 'Nausea' } },
    allergy: {
      fields: { allergy: option(RXNORM, '7980', 'penicillin G') },
      edit: { narrative: 'Hives' },
      picks: { reactions: [option(SNOMED, '126485001', 'Urticaria')] },
    },
    removeAllergy: { fields: { allergy: cast.allergy }, edit: { narrative: 'Tolerated azithromycin' } },
    immunize: {
      fields: { immunization: FLU, lotNumber: 'A1234', consentGiven: true, givenBy: cast.practitioner },
      edit: { sig: '0.5 mL left deltoid' },
    },
    immunizationStatement: { fields: { immunization: FLU }, edit: { comment: 'At work' } },
    pastMedicalHistory: { fields: { pastMedicalHistory: DIABETES }, edit: { comments: 'As a child' } },
    familyHistory: { fields: { familyHistory: DIABETES, relative: 'MTH' }, edit: { note: 'Late' } },
    perform: {
      fields: { perform: option(HCPCS, 'G0444', 'Annual depression screening') },
      edit: { notes: 'Negative' },
    },
    labOrder: {
      fields: {
        labPartner: cast.organization,
        testsOrderCodes: [option(LOINC, '4548-4', 'Hemoglobin A1c')],
        diagnosisCodes: [DIABETES],
        orderingProvider: cast.practitioner,
      },
      edit: { comment: 'Before nine' },
    },
    imagingOrder: {
      fields: {
        imaging: option(LOINC, '36643-5', 'XR Chest 2 Views'),
        diagnosisCodes: [COUGH],
        priority: 'urgent',
        orderingProvider: cast.practitioner,
      },
      edit: { noteToRadiologist: 'Rule out pneumonia' },
      picks: { imagingCenter: cast.organization },
    },
    refer: {
      fields: {
        serviceProvider: cast.organization,
        diagnosisCodes: [COUGH],
        clinicalQuestion: 'diagnostic-uncertainty',
        priority: 'routine',
      },
      edit: { notesToSpecialist: 'Please advise' },
    },
    instruct: {
      fields: { coding: option(SNOMED, '304549008', 'Giving encouragement to exercise') },
      edit: { narrative: 'Walk half an hour a day' },
    },
    task: {
      fields: { title: 'Call the patient', assignTo: cast.practitioner, labels: ['phone'], comment: 'After six' },
      edit: { comment: 'After seven' },
    },
    plan: { fields: { narrative: 'Rest.' }, edit: { narrative: 'Rest, and tea.' } },
    resolveCondition: { fields: { condition: cast.condition }, edit: { rationale: 'No attack for years' } },
  };
}

function goal() {
  return { goalStatement: 'Sleep eight hours', startDate: new Date().toISOString().slice(0, 10) };
}

export const COMMAND_STEPS: readonly Step[] = COMMANDS.map(({ key, label, fields }) => ({
  name: label,
  async run(scene) {
    const script: Script = scripts(scene)[key];
    const note = await openNote(scene);
    await live(scene, note, key, script);
    const searched = Object.entries(fields).flatMap(([name, field]) => ('search' in field ? [name] : []));
    await pick(scene, note, key, script, searched);
  },
}));

async function openNote({ door, patient }: Scene): Promise<string> {
  return (await door.ask<{ id: string }>('POST', '/api/notes', { patient: patient.id })).id;
}

/** Originated and finally entered in error; another one is deleted. */
async function live({ door }: Scene, note: string, command: string, { fields, edit }: Script): Promise<void> {
  const originate = () => door.ask<{ id: string }>('POST', `/api/notes/${note}/commands`, { command, fields });
  const { id } = await originate();
  await door.ask('PATCH', `/api/commands/${id}`, { fields: edit });
  await door.ask('POST', `/api/commands/${id}/actions/print`, {});
  await door.ask('POST', `/api/commands/${id}/commit`, {});
  await door.ask('POST', `/api/commands/${id}/enter-in-error`, { reason: 'Meant for another patient.' });
  const other = await originate();
  await door.ask('DELETE', `/api/commands/${other.id}`);
}

/** Looks for options of each field and picks one. */
async function pick(
  { door }: Scene,
  note: string,
  command: string,
  script: Script,
  searched: readonly string[],
): Promise<void> {
  if (searched.length === 0) return;
  const { id } = await door.ask<{ id: string }>('POST', `/api/notes/${note}/commands`, { command });
  const values: Readonly<Record<string, unknown>> = { ...script.fields, ...script.picks };
  for (const name of searched) {
    await door.ask('GET', `/api/commands/${id}/fields/${name}/options?query=a`);
    await door.ask('POST', `/api/commands/${id}/fields/${name}/select`, { value: values[name] });
  }
}
