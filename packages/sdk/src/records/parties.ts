// Whom a practice sends things to, and who pays: each kind, how it is recorded, and how it is found. One row each.

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
  /** `Organization.type` of one that is added. */
  readonly coding?: Coding;
  /** Finds those there are: FHIR search parameters. */
  readonly filter: string;
}

const ORGANIZATION_TYPE = 'http://terminology.hl7.org/CodeSystem/organization-type';
/** HL7's roles of places where care is given. FHIR's own types of organization tell no pharmacy from a practice. */
const PLACE = 'http://terminology.hl7.org/CodeSystem/v3-RoleCode';

/** The codes that say so, of HL7, of NUCC's taxonomy and of SNOMED CT, and plain words, whichever system they are said to be of. */
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
/** Organizations of none of them: many say no type at all. */
const besides = (...some: readonly (readonly string[])[]): string => `type:not=${some.flat().join(',')}`;

/** Organizations that work together within one: they take tasks, as teams do. */
export const DEPARTMENTS = typed(TEAM);
/** Who may do laboratory tests, or imaging: those that say so, and those of which nothing else is known. */
export const MAY_BE_LABORATORY = besides(PAYER, PHARMACY, IMAGING, TEAM);
export const MAY_IMAGE = besides(PAYER, PHARMACY, LABORATORY, TEAM);
/** Who may pay. */
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

/** Which kind an organization says it is. */
export function kindOf({ type = [] }: Pick<Organization, 'type'>): PartyKey {
  const said = new Set(type.flatMap(({ coding = [] }) => coding.map(({ code }) => code)));
  const kinds = { pharmacy: PHARMACY, laboratory: LABORATORY, imaging: IMAGING, payer: PAYER } as const;
  const found = Object.entries(kinds).find(([, all]) => all.some((code) => said.has(code)));
  return (found?.[0] as PartyKey | undefined) ?? 'practice';
}

/** The types with the kind's own, where they do not say it yet; what said another kind goes. */
export function retyped(before: CodeableConcept[] = [], key: PartyKey): CodeableConcept[] {
  const row: PartyKind = PARTY_KINDS[key];
  if (!row.coding || (before.length > 0 && kindOf({ type: before }) === key)) return before;
  const every = new Set([PHARMACY, LABORATORY, IMAGING, PAYER].flat());
  const others = before.filter(({ coding = [] }) => !coding.some(({ code = '' }) => every.has(code)));
  return [{ coding: [row.coding] }, ...others];
}
