// A party in a form and in a list, and the record written from a form.

import type {
  Address,
  CareTeam,
  CodeableConcept,
  ContactPoint,
  HealthcareService,
  Organization,
  PractitionerRole,
  Reference,
} from '@medplum/fhirtypes';
import { filled } from '#kit/filled.ts';
import { PARTY_KINDS, type Party, type PartyKey, retyped } from './parties.ts';

/** A party in a form; '' if unknown. */
export interface PartyFacts {
  readonly name: string;
  /** Of a specialist and a service. */
  readonly specialty: string;
  /** Where a specialist or a service works. */
  readonly organization: string;
  readonly phone: string;
  readonly fax: string;
  /** Of an organization, in a line. */
  readonly address: string;
}

export function partyFacts(party: Party): PartyFacts {
  const telecom = 'telecom' in party ? party.telecom : undefined;
  return {
    name: partyName(party) ?? '',
    specialty: specialtyOf(party) ?? '',
    organization: placeOf(party) ?? '',
    phone: contactOf(telecom, 'phone') ?? '',
    fax: contactOf(telecom, 'fax') ?? '',
    address: party.resourceType === 'Organization' ? (addressText(party.address?.[0]) ?? '') : '',
  };
}

/** Its name: a specialist by person, not by specialty. */
function partyName(party: Party): string | undefined {
  return party.resourceType === 'PractitionerRole' ? party.practitioner?.display : party.name;
}

/** The same as it stands in an order: `Amara Singh, MD – Cardiology`. */
export function partyTitle(party: Party): string | undefined {
  const said = party.resourceType === 'PractitionerRole' ? specialtyOf(party) : placeOf(party);
  return [partyName(party), said].filter(Boolean).join(' – ') || undefined;
}

/** What distinguishes it from others of its name, on one line. */
export function partyDetail(party: Party): string {
  const { address, phone, organization, specialty } = partyFacts(party);
  const who = party.resourceType === 'PractitionerRole' ? organization : specialty;
  return [who, address, phone].filter(Boolean).join(' · ');
}

/** A record with these facts; anything else stays. */
export function withFacts(key: PartyKey, facts: PartyFacts, before?: Party): Party {
  const { type } = PARTY_KINDS[key];
  const contacts = { telecom: telecomWith(before, facts) };
  const name = facts.name.trim();
  switch (type) {
    case 'CareTeam':
      return { resourceType: type, status: 'active', ...(before as CareTeam | undefined), name };
    case 'PractitionerRole': {
      const role = before as PractitionerRole | undefined;
      return filled<PractitionerRole>({
        resourceType: type,
        active: true,
        ...role,
        practitioner: { ...role?.practitioner, display: name },
        organization: placed(role?.organization, facts.organization),
        specialty: named(role?.specialty, facts.specialty),
        ...contacts,
      });
    }
    case 'HealthcareService': {
      const service = before as HealthcareService | undefined;
      return filled<HealthcareService>({
        resourceType: type,
        active: true,
        ...service,
        name,
        providedBy: placed(service?.providedBy, facts.organization),
        specialty: named(service?.specialty, facts.specialty),
        ...contacts,
      });
    }
    case 'Organization': {
      const organization = before as Organization | undefined;
      return filled<Organization>({
        resourceType: type,
        active: true,
        ...organization,
        name,
        type: retyped(organization?.type, key),
        address: addressed(organization?.address, facts.address),
        ...contacts,
      });
    }
  }
}

function specialtyOf(party: Party): string | undefined {
  if (party.resourceType !== 'PractitionerRole' && party.resourceType !== 'HealthcareService') return undefined;
  return party.specialty?.map(wordsOf).filter(Boolean).join(', ') || undefined;
}

function placeOf(party: Party): string | undefined {
  if (party.resourceType === 'PractitionerRole') return party.organization?.display;
  return party.resourceType === 'HealthcareService' ? party.providedBy?.display : undefined;
}

function contactOf(telecom: readonly ContactPoint[] | undefined, system: 'phone' | 'fax'): string | undefined {
  return telecom?.find((one) => one.system === system && one.use !== 'old')?.value;
}

function addressText(address: Address | undefined): string | undefined {
  if (!address) return undefined;
  if (address.text) return address.text;
  const { line = [], city, state, postalCode } = address;
  return [...line, city, [state, postalCode].filter(Boolean).join(' ')].filter(Boolean).join(', ') || undefined;
}

function wordsOf({ text, coding }: CodeableConcept): string | undefined {
  return text ?? coding?.find(({ display }) => display)?.display;
}

/** Keeps the address if its line is unchanged, since its parts are worth keeping. */
function addressed(before: Address[] | undefined, text: string): Address[] | undefined {
  if ((addressText(before?.[0]) ?? '') === text.trim()) return before;
  const others = before?.slice(1) ?? [];
  return text.trim() ? [{ text: text.trim() }, ...others] : others;
}

function placed(before: Reference<Organization> | undefined, name: string): Reference<Organization> | undefined {
  if ((before?.display ?? '') === name.trim()) return before;
  return name.trim() ? { display: name.trim() } : undefined;
}

function named(before: CodeableConcept[] | undefined, text: string): CodeableConcept[] | undefined {
  if ((before?.map(wordsOf).filter(Boolean).join(', ') ?? '') === text.trim()) return before;
  return text.trim() ? [{ text: text.trim() }] : undefined;
}

function telecomWith(before: Party | undefined, { phone, fax }: PartyFacts): ContactPoint[] {
  const all = (before && 'telecom' in before && before.telecom) || [];
  const shown = (['phone', 'fax'] as const).map((system) =>
    all.find((one) => one.system === system && one.use !== 'old'),
  );
  const others = all.filter((one) => !shown.includes(one));
  const entered = (
    [
      ['phone', phone],
      ['fax', fax],
    ] as const
  ).flatMap(([system, value], at) =>
    value.trim() ? [{ use: 'work' as const, ...shown[at], system, value: value.trim() }] : [],
  );
  return [...entered, ...others];
}
