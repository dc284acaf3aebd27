// In what two patients differ who are said to be one person.

import type { Patient } from '@medplum/fhirtypes';
import type { DIFFERENCES } from '@chartwire/client/internal/contract/merges';
import { nameText } from '@chartwire/sdk/internal/records/person';

export interface Difference {
  readonly what: (typeof DIFFERENCES)[number];
  /** As each says it; null where it says nothing. */
  readonly source: string | null;
  readonly target: string | null;
  /** The merge is refused until somebody says that both are one person all the same. */
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
    // Twins may have the same name, sex and birth date.
    ['birth-order', ({ multipleBirthInteger: place }) => place?.toString(), () => true],
  ];
  const found = compared.flatMap(([what, read, contradicts]): Difference[] => {
    const [ours, theirs] = [read(source), read(target)];
    if (ours === theirs) return [];
    const confirm = ours !== undefined && theirs !== undefined && contradicts(ours, theirs);
    return [{ what, source: ours ?? null, target: theirs ?? null, confirm }];
  });
  // That somebody died is not lost in silence, nor said of somebody who may be alive.
  const [ended, other] = [source, target].map(isDeceased);
  if (ended === other) return found;
  const said = (deceased: boolean | undefined): string => (deceased ? 'deceased' : 'not deceased');
  return [...found, { what: 'deceased', source: said(ended), target: said(other), confirm: true }];
}

type Contradicts = (a: string, b: string) => boolean;

/** `1980` says nothing against `1980-05-12`. */
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
