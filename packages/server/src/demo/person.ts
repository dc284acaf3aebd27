// Who the patient is: names, numbers, address, and whom to call.

import type { ContactPoint, Patient } from '@medplum/fhirtypes';
import { fhirDate, yearsBetween } from './calendar.ts';
import { concept, hl7 } from './codes/concept.ts';
import type { Life } from './life.ts';
import { MRN } from './practice.ts';
import type { Contact } from './story.ts';

export const RELATIONSHIPS: Readonly<Record<Contact['role'] | 'GRMTH' | 'GRFTH', string>> = {
  MTH: 'mother',
  FTH: 'father',
  DAU: 'natural daughter',
  SON: 'natural son',
  SPS: 'spouse',
  DOMPART: 'domestic partner',
  SIS: 'sister',
  BRO: 'brother',
  GRMTH: 'grandmother',
  GRFTH: 'grandfather',
};

export function person(life: Life): Patient[] {
  const { story, practice } = life;
  const random = life.random('person');
  // 555-0100 to 555-0199 are reserved for fiction.
  const phone = `+1 740 555 01${random.int(10, 99)}`;
  const [contactGiven, contactFamily] = story.contact.name;
  const isChild = yearsBetween(life.birth, life.calendar.today) < 18;
  const reachedBy = isChild ? [contactGiven, contactFamily] : [story.given[0]!, story.family];
  return [
    {
      resourceType: 'Patient',
      id: life.id('Patient', ''),
      identifier: [
        {
          use: 'usual',
          type: concept(hl7('v2-0203'), 'MR', 'Medical record number'),
          system: MRN,
          value: String(random.int(100_000, 999_999)),
          assigner: practice.organization,
        },
      ],
      active: true,
      name: [{ use: 'official', given: [...story.given], family: story.family }],
      telecom: [
        { system: 'phone', value: phone, use: isChild ? 'home' : 'mobile' },
        { system: 'email', value: email(reachedBy) },
      ],
      gender: story.gender ?? story.sex,
      birthDate: fhirDate(life.birth),
      address: [
        { use: 'home', line: [story.street], city: 'Riverbend', state: 'OH', postalCode: '44000', country: 'US' },
      ],
      contact: [
        {
          relationship: [concept(hl7('v3-RoleCode'), story.contact.role, RELATIONSHIPS[story.contact.role])],
          name: { given: [contactGiven], family: contactFamily },
          telecom: [contactPhone(isChild ? phone : `+1 740 555 01${random.int(10, 99)}`)],
        },
      ],
      communication: [{ language: language(story.language ?? 'en'), preferred: true }],
      generalPractitioner: [practice.clinician(story.clinician)],
      managingOrganization: practice.organization,
    },
  ];
}

const LANGUAGES = { ar: 'Arabic', en: 'English', es: 'Spanish', vi: 'Vietnamese' } as const;

function language(code: keyof typeof LANGUAGES) {
  return concept('urn:ietf:bcp:47', code, LANGUAGES[code]);
}

function contactPhone(value: string): ContactPoint {
  return { system: 'phone', value, use: 'mobile' };
}

function email(names: readonly string[]): string {
  const plain = names.map((name) =>
    name
      .normalize('NFD')
      .replace(/[^A-Za-z]/g, '')
      .toLowerCase(),
  );
  return `${plain.join('.')}@example.org`;
}
