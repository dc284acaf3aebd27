// What is measured at each visit: one panel, and one reading for each sign.

import type { Observation, Reference } from '@medplum/fhirtypes';
import { LOINC, OBSERVATION_CATEGORY } from '@chartwire/sdk/internal/kit/systems';
import { yearsBetween } from './calendar.ts';
import { concept, quantity } from './codes/concept.ts';
import {
  BLOOD_PRESSURE,
  BODY_MASS_INDEX,
  VITALS,
  VITALS_PANEL,
  type VitalName,
  type VitalSign,
} from './codes/vitals.ts';
import { along, during, type KeptVisit, type Life, round } from './life.ts';
import type { Random } from './random.ts';

const CATEGORY = concept(OBSERVATION_CATEGORY, 'vital-signs', 'Vital Signs');
const SINGLE = ['pulse', 'respiration', 'temperature', 'oxygen', 'weight', 'height', 'head'] as const;

export function vitals(life: Life): Observation[] {
  const random = life.random('vitals');
  const measured = life.visits.filter((visit) => visit.hospitalDays === undefined);
  return measured.flatMap((visit, index) => {
    const values = readings(life, random, index, measured.length);
    return observations(life, visit, values);
  });
}

type Readings = Partial<Record<VitalName, number>>;

function readings(life: Life, random: Random, index: number, count: number): Readings {
  const values: Readings = {};
  for (const name of Object.keys(VITALS) as VitalName[]) {
    const sign: VitalSign = VITALS[name];
    const trend = life.story.vitals[name];
    const line = trend ? along(trend, index, count) : sign.usual;
    if (line === undefined) continue;
    const value = round(random.around(line, sign.stray), sign.decimals);
    values[name] = name === 'oxygen' ? Math.min(value, 100) : value;
  }
  return values;
}

function observations(life: Life, visit: KeptVisit, values: Readings): Observation[] {
  const make = (name: string, code: { loinc: string; display: string }, rest: Partial<Observation>): Observation => ({
    resourceType: 'Observation',
    id: life.id('Observation', `${visit.encounter.reference} ${name}`),
    status: 'final',
    category: [CATEGORY],
    code: concept(LOINC, code.loinc, code.display),
    subject: life.patient,
    encounter: visit.encounter,
    effectiveDateTime: during(visit, 5),
    issued: during(visit, 6),
    performer: [life.practice.clinician(visit.clinician ?? life.story.clinician)],
    ...rest,
  });
  const members: Observation[] = [];
  if (values.systolic !== undefined && values.diastolic !== undefined) {
    const component = [part('systolic', values.systolic), part('diastolic', values.diastolic)];
    members.push(make('blood pressure', BLOOD_PRESSURE, { component }));
  }
  for (const name of SINGLE) {
    const value = values[name];
    if (value !== undefined) members.push(make(name, VITALS[name], { valueQuantity: amount(name, value) }));
  }
  // Under two years of age weight is judged by length, not by body mass index.
  if (values.weight && values.height && yearsBetween(life.birth, visit.start) >= 2) {
    const index = round(values.weight / (values.height / 100) ** 2, 1);
    members.push(make('body mass index', BODY_MASS_INDEX, { valueQuantity: quantity(index, 'kg/m2') }));
  }
  return [make('panel', VITALS_PANEL, { hasMember: members.map(reference) }), ...members];
}

function part(name: 'systolic' | 'diastolic', value: number) {
  return { code: concept(LOINC, VITALS[name].loinc, VITALS[name].display), valueQuantity: amount(name, value) };
}

function amount(name: VitalName, value: number) {
  const { unit, ucum }: VitalSign = VITALS[name];
  return quantity(value, unit, ucum);
}

function reference({ id }: Observation): Reference<Observation> {
  return { reference: `Observation/${id}` };
}
