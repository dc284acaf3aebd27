// Vitals: the readings of a visit. BMI follows from height and weight at commit.

import type { Observation } from '@medplum/fhirtypes';
import { Type } from 'typebox';
import type { CommandDesk } from '#kit/command-desk.ts';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { parseReference } from '#kit/ids.ts';
import { choice, text } from '#kit/schema.ts';
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

/** A whole number, or with `decimals`, from `minimum` to `maximum`, in a UCUM unit. */
function reading(label: string, unit: string, minimum: number, maximum: number, decimals = false) {
  const schema = decimals ? Type.Number({ minimum, maximum }) : Type.Integer({ minimum, maximum });
  return { label, unit, schema } as const;
}

const POSITIONS_AND_SITES = [
  'sitting-right-arm',
  'sitting-left-arm',
  'sitting-right-leg',
  'sitting-left-leg',
  'standing-right-arm',
  'standing-left-arm',
  'standing-right-leg',
  'standing-left-leg',
  'supine-right-arm',
  'supine-left-arm',
  'supine-right-leg',
  'supine-left-leg',
] as const;

const VITAL_SIGNS = concept(OBSERVATION_CATEGORY, 'vital-signs', 'Vital Signs');
const PANEL = concept(
  LOINC,
  '85353-1',
  'Vital signs, weight, height, head circumference, oxygen saturation and BMI panel',
);

/** What is said of a reading needs the reading. */
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
    throw desk.refuse(field, `This says more of a reading that is missing: enter ${readings.join(' or ')}.`);
  }
  const { bloodPressureSystole: systole, bloodPressureDiastole: diastole } = values;
  if (systole !== undefined && diastole !== undefined && diastole >= systole) {
    throw desk.refuse('bloodPressureDiastole', 'The diastolic pressure must be lower than the systolic.');
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

/** Under two years of age weight is judged by length, not by body mass index. */
async function underTwo(desk: CommandDesk): Promise<boolean> {
  const patient = await desk.draft.read('Patient', parseReference(desk.subject.reference)?.id ?? '');
  const birth = patient?.birthDate;
  if (birth?.length !== '2020-01-31'.length) return false;
  return `${Number(birth.slice(0, 4)) + 2}${birth.slice(4)}` > desk.today;
}

export const Vitals = defineCommand(
  {
    key: 'vitals',
    prefix: 'VITALS',
    label: 'Vitals',
    summary: 'Readings of one moment; each becomes a vital sign of its own.',
    fields: {
      height: reading('Height', '[in_i]', 10, 108, true),
      weightLbs: reading('Weight', '[lb_av]', 1, 1500, true),
      weightOz: reading('and ounces', '[oz_av]', 0, 15, true),
      waistCircumference: reading('Waist', '[in_i]', 20, 200, true),
      bodyTemperature: reading('Temperature', '[degF]', 85, 107, true),
      bodyTemperatureSite: {
        label: 'taken',
        schema: choice(['axillary', 'oral', 'rectal', 'temporal', 'tympanic']),
      },
      bloodPressureSystole: reading('Systolic', 'mm[Hg]', 30, 305),
      bloodPressureDiastole: reading('Diastolic', 'mm[Hg]', 20, 180),
      bloodPressurePositionAndSite: { label: 'taken', schema: choice(POSITIONS_AND_SITES) },
      pulse: reading('Pulse', '/min', 30, 250),
      pulseRhythm: {
        label: 'Rhythm',
        schema: choice(['regular', 'irregularly-irregular', 'regularly-irregular']),
      },
      respirationRate: reading('Respiration', '/min', 6, 60),
      oxygenSaturation: reading('Oxygen saturation', '%', 60, 100),
      supplementalOxygen: {
        label: 'Supplemental oxygen',
        schema: Type.String({ pattern: '^LA\\d+-\\d$', description: 'a LOINC answer code' }),
      },
      note: { label: 'Note', schema: text(150) },
    },
  },
  async (values, desk) => {
    refuseOdd(desk, values);
    const [height, weight] = [heightOf(values), weightOf(values)].map((reading) => reading && write(desk, reading));
    const members = [height, weight, ...otherReadingsOf(values).map((reading) => write(desk, reading))].filter(
      (member) => member !== undefined,
    );
    if (members.length === 0) throw desk.refuse('note', 'Enter at least one reading.');
    if (height && weight && !(await underTwo(desk))) {
      const derivedFrom = [height, weight].map(referenceTo);
      members.push(write(desk, { ...bodyMassIndexOf(height, weight), derivedFrom }));
    }
    write(desk, { code: PANEL, hasMember: members.map(referenceTo), note: annotations(desk, values.note) });
  },
);
