// Differences between two patients to be merged.

import type { Patient } from '@medplum/fhirtypes';
import type { DIFFERENCES } from '@chartwire/client/internal/contract/merges';
import { nameText } from '@chartwire/sdk/internal/records/person';

export interface Difference {
  readonly what: (typeof DIFFERENCES)[number];
  /** Each one's value; null if missing. */
  readonly source: string | null;
  readonly target: string | null;
  /** The merge is refused until someone confirms that both are one person. */
  readonly confirm: boolean;
}

/** In words, for a sentence. */
export const DIFFERENCE_WORDS: Readonly<Record<Difference['what'], string>> = {
  name: 'name',
  'birth-date': 'birth date',
  sex: 'sex',
  'sex-at-birth': 'sex at birth',
  'birth-order': 'which of twins or more the patient is',
  deceased: 'whether the patient has died',
};

const SEX_AT_BIRTH = [
  'http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex',
  'http://hl7.org/fhir/StructureDefinition/patient-birthSex',
];

export function differencesOf(source: Patient, target: Patient): Difference[] {
  const compared: readonly [Difference['what'], (patient: Patient) => string | undefined, Contradicts][] = [
    ['name', ({ name }) => nameText(name), () => false],
    ['birth-date', ({ birthDate }) => birthDate, (a, b) => !isPartOf(a, b) && !isPartOf(b, a)],
    ['sex', ({ gender }) => gender, (a, b) => a !== 'unknown' && b !== 'unknown'],
    ['sex-at-birth', sexAtBirth, (a, b) => a !== 'UNK' && b !== 'UNK'],
    // Twins may share name, sex, and birth date.
    ['birth-order', ({ multipleBirthInteger: place }) => place?.toString(), () => true],
  ];
  const found = compared.flatMap(([what, read, contradicts]): Difference[] => {
    const [ours, theirs] = [read(source), read(target)];
    if (ours === theirs) return [];
    const confirm = ours !== undefined && theirs !== undefined && contradicts(ours, theirs);
    return [{ what, source: ours ?? null, target: theirs ?? null, confirm }];
  });
  // A death must not be lost silently, nor recorded for someone who may be alive.
  const [ended, other] = [source, target].map(isDeceased);
  if (ended === other) return found;
  const said = (deceased: boolean | undefined): string => (deceased ? 'deceased' : 'not deceased');
  return [...found, { what: 'deceased', source: said(ended), target: said(other), confirm: true }];
}

type Contradicts = (a: string, b: string) => boolean;

/** `1980` doesn't contradict `1980-05-12`. */
function isPartOf(a: string, b: string): boolean {
  return b.startsWith(a);
}

function isDeceased({ deceasedBoolean, deceasedDateTime }: Patient): boolean {
  return deceasedBoolean ?? deceasedDateTime !== undefined;
}

function sexAtBirth({ extension = [] }: Patient): string | undefined {
  const found = extension.find(({ url }) => SEX_AT_BIRTH.includes(url));
  return found?.valueCode ?? found?.valueCodeableConcept?.coding?.[0]?.code;
}
