// Writes the readings of one moment: each as its own Observation, and a panel that groups them.

import type { Observation } from '@medplum/fhirtypes';
import type { CommandDesk } from '#kit/command-desk.ts';
import { filled } from '#kit/filled.ts';
import { parseReference } from '#kit/ids.ts';
import { LOINC, OBSERVATION_CATEGORY } from '#kit/systems.ts';
import { concept } from './concepts.ts';
import { annotations, visitOf } from './visit.ts';
import {
  bodyMassIndexOf,
  heightOf,
  otherReadingsOf,
  type Reading,
  type VitalValues,
  weightOf,
} from './vital-readings.ts';

const VITAL_SIGNS = concept(OBSERVATION_CATEGORY, 'vital-signs', 'Vital Signs');
const PANEL = concept(
  LOINC,
  '85353-1',
  'Vital signs, weight, height, head circumference, oxygen saturation and BMI panel',
);

export async function writeVitals(values: VitalValues & { readonly note?: string }, desk: CommandDesk): Promise<void> {
  refuseOdd(desk, values);
  const [height, weight] = [heightOf(values), weightOf(values)].map((reading) => reading && write(desk, reading));
  const members = [height, weight, ...otherReadingsOf(values).map((reading) => write(desk, reading))].filter(
    (member) => member !== undefined,
  );
  if (members.length === 0) throw desk.refused('note', 'Enter at least one reading.');
  if (height && weight && !(await underTwo(desk))) {
    const derivedFrom = [height, weight].map(referenceTo);
    members.push(write(desk, { ...bodyMassIndexOf(height, weight), derivedFrom }));
  }
  write(desk, { code: PANEL, hasMember: members.map(referenceTo), note: annotations(desk, values.note) });
}

/** Details of a reading require the reading. */
const NEEDS = {
  weightOz: ['weightLbs'],
  bodyTemperatureSite: ['bodyTemperature'],
  bloodPressurePositionAndSite: ['bloodPressureSystole', 'bloodPressureDiastole'],
  pulseRhythm: ['pulse'],
  supplementalOxygen: ['oxygenSaturation'],
} as const satisfies { readonly [F in keyof VitalValues]?: readonly (keyof VitalValues)[] };

function refuseOdd(desk: CommandDesk, values: VitalValues): void {
  for (const [field, readings] of Object.entries(NEEDS) as [keyof typeof NEEDS, readonly (keyof VitalValues)[]][]) {
    if (values[field] === undefined || readings.some((reading) => values[reading] !== undefined)) continue;
    throw desk.refused(field, `This says more of a reading that is missing: enter ${readings.join(' or ')}.`);
  }
  const { bloodPressureSystole: systole, bloodPressureDiastole: diastole } = values;
  if (systole !== undefined && diastole !== undefined && diastole >= systole) {
    throw desk.refused('bloodPressureDiastole', 'The diastolic pressure must be lower than the systolic.');
  }
}

function write(desk: CommandDesk, reading: Reading | Pick<Observation, 'code' | 'hasMember' | 'note'>) {
  const { subject, encounter, author } = visitOf(desk);
  return desk.draft.create(
    filled<Observation>({
      resourceType: 'Observation',
      status: 'final',
      category: [VITAL_SIGNS],
      subject,
      encounter,
      effectiveDateTime: desk.at,
      issued: desk.at,
      performer: author && [author],
      ...reading,
    }),
  );
}

function referenceTo({ id }: { readonly id: string }) {
  return { reference: `Observation/${id}` };
}

/** Under two years of age, weight is judged by length instead of body mass index. */
async function underTwo(desk: CommandDesk): Promise<boolean> {
  const patient = await desk.draft.read('Patient', parseReference(desk.subject.reference)?.id ?? '');
  const birth = patient?.birthDate;
  if (birth?.length !== '2020-01-31'.length) return false;
  return `${Number(birth.slice(0, 4)) + 2}${birth.slice(4)}` > desk.today;
}
