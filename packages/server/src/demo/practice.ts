// The practice all demo patients go to: its people, its place, its laboratory, the plans that pay, and whom it works with. All invented.

import type { Location, Organization, Practitioner, PractitionerRole, Reference, Resource } from '@medplum/fhirtypes';
import { PARTY_KINDS } from '@chartwire/sdk/internal/records/parties';
import { concept, hl7, NUCC } from './codes/concept.ts';
import { directory } from './directory.ts';
import { uuidFrom } from './random.ts';

const PRACTICE_NAME = 'Riverbend Family Practice';
/** A host reserved for examples (RFC 2606): no mail sent there reaches anybody. */
const PRACTICE_HOST = 'riverbend.example.org';
export const MRN = `https://${PRACTICE_HOST}/mrn`;

// biome-ignore format: a table is read by its rows
const CLINICIANS = {
  osei: { given: 'David', family: 'Osei', taxonomy: '207R00000X', specialty: 'Internal Medicine Physician' },
  park: { given: 'Helen', family: 'Park', taxonomy: '207Q00000X', specialty: 'Family Medicine Physician' },
  vega: { given: 'Marisol', family: 'Vega', taxonomy: '208000000X', specialty: 'Pediatrics Physician' },
} as const;

const PAYERS = {
  lakeshore: 'Lakeshore Health Plan',
  medicaid: 'State Medicaid',
  medicare: 'Medicare',
} as const;

export type ClinicianKey = keyof typeof CLINICIANS;
export type PayerKey = keyof typeof PAYERS;

/** References to the practice's records, for the patients' records to point at. */
export class Practice {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  clinician(key: ClinicianKey): Reference<Practitioner> {
    return { reference: `Practitioner/${this.#id('Practitioner', key)}`, display: clinicianName(key) };
  }

  get organization(): Reference<Organization> {
    return { reference: `Organization/${this.#id('Organization', 'practice')}`, display: PRACTICE_NAME };
  }

  get laboratory(): Reference<Organization> {
    return {
      reference: `Organization/${this.#id('Organization', 'laboratory')}`,
      display: 'Millrace Clinical Laboratory',
    };
  }

  get location(): Reference<Location> {
    return { reference: `Location/${this.#id('Location', 'office')}`, display: 'Riverbend office' };
  }

  payer(key: PayerKey): Reference<Organization> {
    return { reference: `Organization/${this.#id('Organization', key)}`, display: PAYERS[key] };
  }

  /** Every record of the practice itself. */
  records(): Resource[] {
    return [
      this.#organization('practice', PRACTICE_NAME, 'practice'),
      this.#organization('laboratory', 'Millrace Clinical Laboratory', 'laboratory'),
      ...keysOf(PAYERS).map((key) => this.#organization(key, PAYERS[key], 'payer')),
      ...directory((type, key) => this.#id(type, key)),
      {
        resourceType: 'Location',
        id: this.#id('Location', 'office'),
        status: 'active',
        name: 'Riverbend office',
        mode: 'instance',
        telecom: [{ system: 'phone', value: '+1 740 555 0100', use: 'work' }],
        address: { line: ['12 Millrace Lane'], city: 'Riverbend', state: 'OH', postalCode: '44000', country: 'US' },
        managingOrganization: this.organization,
      },
      ...keysOf(CLINICIANS).flatMap((key) => [this.#practitioner(key), this.#role(key)]),
    ];
  }

  #organization(key: string, name: string, kind: 'practice' | 'laboratory' | 'payer'): Organization {
    return {
      resourceType: 'Organization',
      id: this.#id('Organization', key),
      active: true,
      name,
      type: [{ coding: [PARTY_KINDS[kind].coding] }],
    };
  }

  #practitioner(key: ClinicianKey): Practitioner {
    const { given, family } = CLINICIANS[key];
    return {
      resourceType: 'Practitioner',
      id: this.#id('Practitioner', key),
      active: true,
      identifier: [{ system: `https://${PRACTICE_HOST}/staff`, value: key }],
      name: [{ use: 'official', given: [given], family, suffix: ['MD'] }],
      telecom: [{ system: 'email', value: `${key}@${PRACTICE_HOST}`, use: 'work' }],
    };
  }

  #role(key: ClinicianKey): PractitionerRole {
    const { taxonomy, specialty } = CLINICIANS[key];
    return {
      resourceType: 'PractitionerRole',
      id: this.#id('PractitionerRole', key),
      active: true,
      practitioner: this.clinician(key),
      organization: this.organization,
      location: [this.location],
      code: [concept(hl7('practitioner-role'), 'doctor', 'Doctor')],
      specialty: [concept(NUCC, taxonomy, specialty)],
    };
  }

  #id(type: string, key: string): string {
    return uuidFrom(this.#seed, 'practice', type, key);
  }
}

export function clinicianName(key: ClinicianKey): string {
  return `${CLINICIANS[key].given} ${CLINICIANS[key].family}, MD`;
}

function keysOf<K extends string>(table: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(table) as K[];
}
