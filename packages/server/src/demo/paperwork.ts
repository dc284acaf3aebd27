// What is signed and who pays: coverage and consents.

import type { Consent, Coverage } from '@medplum/fhirtypes';
import { addDays, fhirDate, fhirInstant } from './calendar.ts';
import { concept, hl7 } from './codes/concept.ts';
import type { Life } from './life.ts';

const COVERAGE_TYPES = {
  lakeshore: ['EHCPOL', 'extended healthcare'],
  medicaid: ['PUBLICPOL', 'public healthcare'],
  medicare: ['PUBLICPOL', 'public healthcare'],
} as const;

export function paperwork(life: Life): (Coverage | Consent)[] {
  return [coverage(life), privacyNotice(life)];
}

function coverage(life: Life): Coverage {
  const { payer } = life.story;
  const random = life.random('coverage');
  const [type, display] = COVERAGE_TYPES[payer];
  const member = `${payer.slice(0, 2).toUpperCase()}${random.int(10_000_000, 99_999_999)}`;
  return {
    resourceType: 'Coverage',
    id: life.id('Coverage', payer),
    status: 'active',
    type: concept(hl7('v3-ActCode'), type, display),
    subscriberId: member,
    beneficiary: life.patient,
    relationship: concept(hl7('subscriber-relationship'), 'self', 'Self'),
    period: { start: fhirDate(new Date(life.calendar.today.getFullYear(), 0, 1)) },
    payor: [life.practice.payer(payer)],
    class: [{ type: concept(hl7('coverage-class'), 'plan', 'Plan'), value: `${payer}-standard`, name: 'Standard' }],
  };
}

/** Signed at the first visit on record; by the contact for a child. */
function privacyNotice(life: Life): Consent {
  const first = life.visits[0]!;
  return {
    resourceType: 'Consent',
    id: life.id('Consent', 'privacy'),
    status: 'active',
    scope: concept(hl7('consentscope'), 'patient-privacy', 'Privacy Consent'),
    category: [concept(hl7('consentcategorycodes'), 'npp', 'Notice of Privacy Practices')],
    patient: life.patient,
    dateTime: fhirInstant(first.start),
    organization: [life.practice.organization],
    policyRule: concept(hl7('v3-ActCode'), 'OPTIN', 'opt in'),
    provision: { period: { start: fhirDate(first.start), end: fhirDate(addDays(first.start, 5 * 365)) } },
  };
}
