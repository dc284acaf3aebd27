// Demographics as a form has them, and as a Patient has them. What the form does not show stays as it is in the record.

import type { Address, ContactPoint, HumanName, Identifier, Patient } from '@medplum/fhirtypes';
import { fromEntriesOf } from '@chartwire/sdk/internal/kit/json/literals';
import { currentAddress, currentContact, currentName } from '@chartwire/sdk/internal/records/person';

export interface Demographics {
  readonly given: string;
  readonly family: string;
  readonly birthDate: string;
  readonly gender: string;
  readonly phone: string;
  readonly email: string;
  readonly line: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly identifiers: readonly Identifier[];
}

export const BLANK: Demographics = {
  given: '',
  family: '',
  birthDate: '',
  gender: '',
  phone: '',
  email: '',
  line: '',
  city: '',
  state: '',
  postalCode: '',
  identifiers: [],
};

export function demographicsOf(patient: Patient): Demographics {
  const name = currentName(patient.name);
  const address = currentAddress(patient.address);
  return {
    given: name?.given?.join(' ') ?? '',
    family: name?.family ?? '',
    birthDate: patient.birthDate ?? '',
    gender: patient.gender ?? '',
    phone: currentContact(patient.telecom, 'phone')?.value ?? '',
    email: currentContact(patient.telecom, 'email')?.value ?? '',
    line: address?.line?.join(', ') ?? '',
    city: address?.city ?? '',
    state: address?.state ?? '',
    postalCode: address?.postalCode ?? '',
    identifiers: patient.identifier ?? [],
  };
}

export function withDemographics(patient: Patient, entered: Demographics): Patient {
  const phone = contactEntered(patient, 'phone', entered.phone);
  const telecom = contactEntered({ ...patient, telecom: phone }, 'email', entered.email);
  const identifier = entered.identifiers.filter(({ value }) => value?.trim());
  return without<Patient>({
    ...patient,
    name: nameEntered(patient, entered),
    birthDate: entered.birthDate,
    gender: entered.gender as Patient['gender'],
    telecom,
    address: addressEntered(patient, entered),
    identifier,
  });
}

function nameEntered(patient: Patient, { given, family }: Demographics): HumanName[] {
  const before = currentName(patient.name);
  const words = given.trim().split(/\s+/).filter(Boolean);
  const same = before?.given?.join(' ') === words.join(' ') && (before?.family ?? '') === family.trim();
  if (before && same) return patient.name ?? [];
  // A text that says the former name would be shown instead of the new one.
  const { text: _, ...rest } = before ?? { use: 'official' as const };
  const name = without<HumanName>({ ...rest, given: words, family: family.trim() });
  return before ? (patient.name ?? []).map((one) => (one === before ? name : one)) : [name];
}

function contactEntered(patient: Patient, system: 'phone' | 'email', entered: string): ContactPoint[] {
  const before = currentContact(patient.telecom, system);
  const all = patient.telecom ?? [];
  const value = entered.trim();
  if (!before) return value ? [...all, { system, value, ...(system === 'phone' && { use: 'mobile' as const }) }] : all;
  return value ? all.map((one) => (one === before ? { ...one, value } : one)) : all.filter((one) => one !== before);
}

function addressEntered(patient: Patient, { line, city, state, postalCode }: Demographics): Address[] {
  const before = currentAddress(patient.address);
  const lines = line === before?.line?.join(', ') ? before.line : line.split(',').map((part) => part.trim());
  const { text: _, ...rest } = before ?? { use: 'home' as const };
  const address = without<Address>({ ...rest, line: lines.filter(Boolean), city, state, postalCode });
  const empty = !address.line && !address.city && !address.state && !address.postalCode;
  const others = (patient.address ?? []).filter((one) => one !== before);
  if (empty) return others;
  if (!before) return [...others, address];
  return (patient.address ?? []).map((one) => (one === before ? address : one));
}

/** FHIR knows no empty values: what is empty is not there. */
function without<T extends object>(record: T): T {
  const there = Object.entries(record).filter(
    ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  return fromEntriesOf(record, there) as T;
}
