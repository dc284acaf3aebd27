// Whom the demo's practice works with: pharmacies, specialists, services, an imaging center, teams. All invented; the
// telephone numbers are of those reserved for fiction.

import type { CareTeam, HealthcareService, Organization, PractitionerRole, Resource } from '@medplum/fhirtypes';
import { PARTY_KINDS, type PartyKey } from '@chartwire/sdk/internal/records/parties';
import { withFacts } from '@chartwire/sdk/internal/records/party-facts';
import { concept, NUCC } from './codes/concept.ts';

interface Row {
  readonly key: string;
  readonly name: string;
  readonly phone?: string;
  readonly fax?: string;
  readonly address?: string;
  readonly organization?: string;
  /** A NUCC code, its display, and what people call it. */
  readonly taxonomy?: readonly [code: string, display: string, text: string];
}

const HOSPITAL = 'Mercer County Hospital';

// biome-ignore format: a table is read by its rows
const ROWS: Readonly<Partial<Record<PartyKey, readonly Row[]>>> = {
  pharmacy: [
    { key: 'pharmacy-main', name: 'Riverbend Pharmacy', phone: '+1 740 555 0121', fax: '+1 740 555 0122', address: '48 Main Street, Riverbend, OH 44000' },
    { key: 'pharmacy-north', name: 'Northgate Drugs', phone: '+1 740 555 0124', fax: '+1 740 555 0125', address: '900 Northgate Avenue, Riverbend, OH 44001' },
    { key: 'pharmacy-mail', name: 'Prairie Mail Pharmacy', phone: '+1 740 555 0127', address: 'PO Box 4100, Riverbend, OH 44002' },
  ],
  imaging: [
    { key: 'imaging', name: 'Mill Road Imaging', phone: '+1 740 555 0131', fax: '+1 740 555 0132', address: '5 Mill Road, Riverbend, OH 44000' },
  ],
  practice: [
    { key: 'hospital', name: HOSPITAL, phone: '+1 740 555 0140', address: '1 Hospital Drive, Mercer, OH 44010' },
  ],
  specialist: [
    { key: 'cardiology', name: 'Amara Singh, MD', organization: 'Mercer Heart Group', phone: '+1 740 555 0141', fax: '+1 740 555 0142', taxonomy: ['207RC0000X', 'Cardiovascular Disease Physician', 'Cardiology'] },
    { key: 'endocrinology', name: 'Tomás Rivera, MD', organization: HOSPITAL, phone: '+1 740 555 0143', taxonomy: ['207RE0101X', 'Endocrinology, Diabetes & Metabolism Physician', 'Endocrinology'] },
    { key: 'orthopedics', name: 'Joan Whitfield, DO', organization: 'Valley Orthopedics', phone: '+1 740 555 0145', fax: '+1 740 555 0146', taxonomy: ['207X00000X', 'Orthopaedic Surgery Physician', 'Orthopedics'] },
    { key: 'dermatology', name: 'Wei Chen, MD', organization: 'Lakeside Dermatology', phone: '+1 740 555 0147', taxonomy: ['207N00000X', 'Dermatology Physician', 'Dermatology'] },
  ],
  service: [
    { key: 'physical-therapy', name: 'Physical therapy', organization: 'Valley Orthopedics', phone: '+1 740 555 0151', taxonomy: ['225100000X', 'Physical Therapist', 'Physical therapy'] },
    { key: 'diabetes-education', name: 'Diabetes education', organization: HOSPITAL, phone: '+1 740 555 0152', taxonomy: ['163WD0400X', 'Diabetes Educator Registered Nurse', 'Diabetes education'] },
    { key: 'counseling', name: 'Counseling', organization: 'Riverbend Behavioral Health', phone: '+1 740 555 0153', taxonomy: ['101YM0800X', 'Mental Health Counselor', 'Mental health'] },
  ],
  team: [
    { key: 'nurses', name: 'Nurses' },
    { key: 'front-desk', name: 'Front desk' },
    { key: 'refills', name: 'Refill team' },
  ],
};

/** Their records; `idOf` gives the id of a type and a key. */
export function directory(idOf: (type: string, key: string) => string): Resource[] {
  return (Object.keys(ROWS) as PartyKey[]).flatMap((kind) =>
    (ROWS[kind] ?? []).map((row) => ({ ...recordOf(kind, row), id: idOf(PARTY_KINDS[kind].type, row.key) })),
  );
}

function recordOf(
  kind: PartyKey,
  { name, phone = '', fax = '', address = '', organization = '', taxonomy }: Row,
): Organization | PractitionerRole | HealthcareService | CareTeam {
  const record = withFacts(kind, { name, phone, fax, address, organization, specialty: '' });
  if (record.resourceType !== 'PractitionerRole' && record.resourceType !== 'HealthcareService') return record;
  return { ...record, specialty: taxonomy && [concept(NUCC, ...taxonomy)] };
}
