// Vaccines: the childhood schedule, autumn's flu shots, and what else a story names.

import type { Immunization } from '@medplum/fhirtypes';
import { CVX } from '@chartwire/sdk/internal/kit/systems';
import { addDays, fhirDate, type Span, yearsBetween } from './calendar.ts';
import { concept, hl7, MVX } from './codes/concept.ts';
import { MAKERS, VACCINES, type VaccineName } from './codes/vaccines.ts';
import type { Life } from './life.ts';
import type { Random } from './random.ts';

/** CDC's schedule in this practice's products: age, vaccine, number of the dose in its series. */
const CHILDHOOD: readonly (readonly [age: Span, vaccine: VaccineName | 'pcv', dose: number])[] = [
  ['0d', 'hepB', 1],
  ...(['2mo', '4mo', '6mo'] as const).flatMap((age, index) =>
    (['dtapHepBIpv', 'hib', 'pcv', 'rotavirus'] as const).map((vaccine) => [age, vaccine, index + 1] as const),
  ),
  ['12mo', 'hib', 4],
  ['12mo', 'pcv', 4],
  ['12mo', 'mmr', 1],
  ['12mo', 'varicella', 1],
  ['12mo', 'hepA', 1],
  ['15mo', 'dtap', 4],
  ['18mo', 'hepA', 2],
  ['4y', 'dtapIpv', 5],
  ['4y', 'mmr', 2],
  ['4y', 'varicella', 2],
  ['11y', 'tdap', 1],
  ['11y', 'menAcwy', 1],
  ['11y', 'hpv', 1],
  ['138mo', 'hpv', 2],
  ['16y', 'menAcwy', 2],
  ['16y', 'menB', 1],
];

// The 20-valent pneumococcal vaccine replaced the 13-valent for children in June 2023; flu vaccines lost their
// fourth strain with the season of 2024.
const PCV20_FROM = new Date(2023, 5, 22);
const TRIVALENT_FROM = new Date(2024, 6, 1);

interface Shot {
  readonly vaccine: VaccineName;
  readonly day: Date;
  readonly dose?: number;
  readonly reported?: boolean;
}

export function immunizations(life: Life): Immunization[] {
  const random = life.random('immunizations');
  return [...childhood(life), ...flu(life, random), ...others(life)]
    .filter(({ day }) => day <= life.calendar.today)
    .map((shot) => immunization(life, shot, random));
}

function childhood(life: Life): Shot[] {
  if (!life.story.vaccines.childhood) return [];
  return CHILDHOOD.map(([age, product, dose]) => {
    const birthday = life.calendar.day(`at ${age}`);
    const day = dose === 1 && age === '0d' ? birthday : weekday(birthday);
    const vaccine = product !== 'pcv' ? product : day < PCV20_FROM ? 'pcv13' : 'pcv20';
    return { vaccine, day, dose };
  });
}

function flu(life: Life, random: Random): Shot[] {
  const { today } = life.calendar;
  const lastAutumn = today >= new Date(today.getFullYear(), 9, 30) ? today.getFullYear() : today.getFullYear() - 1;
  return Array.from({ length: life.story.vaccines.flu ?? 0 }, (_, back) => {
    const day = weekday(new Date(lastAutumn - back, 9, random.int(3, 24)));
    const old = yearsBetween(life.birth, day) >= 65;
    const trivalent = old ? 'fluHighDose' : 'flu';
    const quadrivalent = old ? 'fluHighDoseQuadrivalent' : 'fluQuadrivalent';
    return { vaccine: day >= TRIVALENT_FROM ? trivalent : quadrivalent, day };
  });
}

function others(life: Life): Shot[] {
  return (life.story.vaccines.others ?? []).map(({ vaccine, when, reported }) => ({
    vaccine,
    day: life.calendar.workday(when),
    reported,
  }));
}

function immunization(life: Life, { vaccine, day, dose, reported }: Shot, random: Random): Immunization {
  const { cvx, display, maker } = VACCINES[vaccine];
  const given: Partial<Immunization> = {
    primarySource: true,
    lotNumber: `${random.pick(['A', 'F', 'K', 'T', 'U', 'X'])}${random.int(1000, 9999)}${random.pick(['AA', 'BC', 'CA', 'DB'])}`,
    expirationDate: fhirDate(addDays(day, random.int(60, 400))),
    manufacturer: { identifier: { system: MVX, value: maker }, display: MAKERS[maker] },
    performer: [{ actor: life.practice.clinician(life.story.clinician) }],
    location: life.practice.location,
  };
  const told: Partial<Immunization> = {
    primarySource: false,
    reportOrigin: concept(hl7('immunization-origin'), 'record', 'Written Record'),
  };
  return {
    resourceType: 'Immunization',
    id: life.id('Immunization', `${vaccine} ${fhirDate(day)}`),
    status: 'completed',
    vaccineCode: concept(CVX, cvx, display),
    patient: life.patient,
    occurrenceDateTime: fhirDate(day),
    ...(reported ? told : given),
    ...(dose ? { protocolApplied: [{ doseNumberPositiveInt: dose }] } : {}),
  };
}

function weekday(day: Date): Date {
  return addDays(day, { 0: 1, 6: 2 }[day.getDay()] ?? 0);
}
