// Parties that a practice sends things to, and payers: how each kind is recorded and found. One row each.

import type {
  CareTeam,
  CodeableConcept,
  Coding,
  HealthcareService,
  Organization,
  PractitionerRole,
  Resource,
} from '@medplum/fhirtypes';

export type Party = Organization | PractitionerRole | HealthcareService | CareTeam;

export interface PartyKind {
  readonly label: string;
  readonly plural: string;
  readonly type: Party['resourceType'];
  /** `Organization.type` of an added one. */
  readonly coding?: Coding;
  /** FHIR search parameters that find existing ones. */
  readonly filter: string;
}

const ORGANIZATION_TYPE = 'http://terminology.hl7.org/CodeSystem/organization-type';
/** HL7's roles of service locations. FHIR's organization types don't distinguish a pharmacy from a practice. */
const PLACE = 'http://terminology.hl7.org/CodeSystem/v3-RoleCode';

/** Codes for it from HL7, NUCC's taxonomy, and SNOMED CT, and plain words, in any system. */
const PHARMACY = [
  'PHARM',
  'OUTPHARM',
  'INPHARM',
  'pharmacy',
  '264372000',
  '333600000X',
  '3336C0003X',
  '3336L0003X',
  '3336M0002X',
  '3336S0011X',
];
const LABORATORY = ['OUTLAB', 'HLAB', 'INLAB', 'laboratory', '291U00000X'];
const IMAGING = ['RADDX', 'imaging', '261QR0200X', '261QR0208X'];
const PAYER = ['pay', 'ins'];
const TEAM = ['team', 'dept'];

/** Organizations of any of the types. */
const typed = (...some: readonly (readonly string[])[]): string => `type=${some.flat().join(',')}`;
/** Organizations with none of them: many have no type at all. */
const besides = (...some: readonly (readonly string[])[]): string => `type:not=${some.flat().join(',')}`;

/** Groups within an organization, which take tasks as teams do. */
export const DEPARTMENTS = typed(TEAM);
/** Organizations that may do laboratory tests or imaging: those marked so, and those with no known type. */
export const MAY_BE_LABORATORY = besides(PAYER, PHARMACY, IMAGING, TEAM);
export const MAY_IMAGE = besides(PAYER, PHARMACY, LABORATORY, TEAM);
/** Organizations that may pay. */
export const MAY_PAY = besides(PHARMACY, LABORATORY, IMAGING, TEAM, ['prov']);

export const PARTY_KINDS = {
  pharmacy: {
    label: 'Pharmacy',
    plural: 'Pharmacies',
    type: 'Organization',
    coding: { system: PLACE, code: 'PHARM', display: 'Pharmacy' },
    filter: typed(PHARMACY),
  },
  specialist: { label: 'Specialist', plural: 'Specialists', type: 'PractitionerRole', filter: '' },
  service: { label: 'Service', plural: 'Services', type: 'HealthcareService', filter: '' },
  practice: {
    label: 'Practice or hospital',
    plural: 'Practices',
    type: 'Organization',
    coding: { system: ORGANIZATION_TYPE, code: 'prov', display: 'Healthcare Provider' },
    filter: besides(PAYER, PHARMACY, LABORATORY, IMAGING, TEAM),
  },
  laboratory: {
    label: 'Laboratory',
    plural: 'Laboratories',
    type: 'Organization',
    coding: { system: PLACE, code: 'OUTLAB', display: 'outpatient laboratory' },
    filter: typed(LABORATORY),
  },
  imaging: {
    label: 'Imaging center',
    plural: 'Imaging centers',
    type: 'Organization',
    coding: { system: PLACE, code: 'RADDX', display: 'Radiology diagnostics or therapeutics unit' },
    filter: typed(IMAGING),
  },
  payer: {
    label: 'Payer',
    plural: 'Payers',
    type: 'Organization',
    coding: { system: ORGANIZATION_TYPE, code: 'pay', display: 'Payer' },
    filter: typed(PAYER),
  },
  team: { label: 'Team', plural: 'Teams', type: 'CareTeam', filter: 'subject:missing=true' },
} as const satisfies Readonly<Record<string, PartyKind>>;

export type PartyKey = keyof typeof PARTY_KINDS;

export function isParty(record: Resource): record is Party {
  return ['Organization', 'PractitionerRole', 'HealthcareService', 'CareTeam'].includes(record.resourceType);
}

/** The kind that an organization is marked as. */
export function kindOf({ type = [] }: Pick<Organization, 'type'>): PartyKey {
  const said = new Set(type.flatMap(({ coding = [] }) => coding.map(({ code }) => code)));
  const kinds = { pharmacy: PHARMACY, laboratory: LABORATORY, imaging: IMAGING, payer: PAYER } as const;
  const found = Object.entries(kinds).find(([, all]) => all.some((code) => said.has(code)));
  return (found?.[0] as PartyKey | undefined) ?? 'practice';
}

/** The types including the kind's own; replaces those of another kind. */
export function retyped(before: CodeableConcept[] = [], key: PartyKey): CodeableConcept[] {
  const row: PartyKind = PARTY_KINDS[key];
  if (!row.coding || (before.length > 0 && kindOf({ type: before }) === key)) return before;
  const every = new Set([PHARMACY, LABORATORY, IMAGING, PAYER].flat());
  const others = before.filter(({ coding = [] }) => !coding.some(({ code = '' }) => every.has(code)));
  return [{ coding: [row.coding] }, ...others];
}
