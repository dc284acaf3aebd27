// Reactions. SNOMED CT codes if reliable; the others have a key in Chartwire's own code system.

import { SNOMED } from '#kit/systems.ts';
import type { Code } from './coding.ts';

export interface Reaction {
  readonly key: string;
  readonly label: string;
  /** SNOMED CT code and its term. */
  readonly snomed: readonly [code: string, term: string] | undefined;
  readonly also: string | undefined;
}

// biome-ignore format: a table is read by its rows
const TABLE: readonly (readonly [label: string, snomed?: string, term?: string, also?: string])[] = [
  ['Rash', '271807003', 'Eruption of skin', 'eruption|skin rash|exanthem'],
  ['Hives', '126485001', 'Urticaria', 'urticaria|welts|wheals'],
  ['Anaphylaxis', '39579001', 'Anaphylaxis', 'anaphylactic shock|shock'],
  ['Itching', '418290006', 'Itching', 'pruritus|itch'],
  ['Angioedema', '41291007', 'Angioedema', 'swelling|lip swelling|face swelling|tongue swelling'],
  ['Shortness of breath', '267036007', 'Dyspnea', 'dyspnea|SOB|trouble breathing'],
  ['Wheezing', '56018004', 'Wheezing', 'wheeze|bronchospasm|asthma'],
  ['Cough', '49727002', 'Cough'],
  ['Throat tightness', undefined, undefined, 'throat swelling|laryngeal edema'],
  ['Nausea', '422587007', 'Nausea', 'upset stomach|GI upset'],
  ['Vomiting', '422400008', 'Vomiting', 'emesis|throwing up'],
  ['Diarrhea', '62315008', 'Diarrhea'],
  ['Abdominal pain', '21522001', 'Abdominal pain', 'stomach pain|stomach ache|cramps|GI upset'],
  ['Headache', '25064002', 'Headache'],
  ['Dizziness', '404640003', 'Dizziness', 'lightheaded'],
  ['Low blood pressure', '45007003', 'Low blood pressure', 'hypotension'],
  ['Fainting', '271594007', 'Syncope', 'syncope|passed out'],
  ['Palpitations', '80313002', 'Palpitations'],
  ['Fever', '386661006', 'Fever'],
  ['Sneezing', '76067001', 'Sneezing'],
  ['Runny nose', '64531003', 'Nasal discharge', 'rhinitis|rhinorrhea'],
  ['Itchy or watery eyes', undefined, undefined, 'conjunctivitis|watery eyes'],
  ['Flushing', undefined, undefined, 'red man|vancomycin infusion reaction|redness'],
  ['Contact dermatitis', '40275004', 'Contact dermatitis', 'dermatitis|blisters'],
  ['Eczema', '43116000', 'Eczema'],
  ['Stevens-Johnson syndrome', '73442001', 'Stevens-Johnson syndrome', 'SJS|toxic epidermal necrolysis'],
  ['Muscle pain', '68962001', 'Muscle pain', 'myalgia'],
  ['Confusion', undefined, undefined, 'altered mental status|hallucinations'],
  ['Drowsiness', undefined, undefined, 'sedation|sleepy'],
  ['Liver injury', undefined, undefined, 'hepatitis|elevated liver enzymes'],
  ['Kidney injury', undefined, undefined, 'renal failure|nephritis'],
];

export const REACTIONS: readonly Reaction[] = TABLE.map(([label, code, term, also]) => ({
  key: label.toLowerCase().replaceAll(/[^a-z]+/g, '-'),
  label,
  snomed: code === undefined || term === undefined ? undefined : [code, term],
  also,
}));

const byKey: ReadonlyMap<string, Reaction> = new Map(REACTIONS.map((one) => [one.key, one]));

/** The standard code of a reaction; undefined if it has no reliable one. */
export function reactionCoding(key: string): Code | undefined {
  const snomed = byKey.get(key)?.snomed;
  return snomed && { system: SNOMED, code: snomed[0], display: snomed[1] };
}
