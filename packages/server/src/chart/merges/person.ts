// The two patients of a merge: what the survivor takes over, and how each refers to the other.

import { isDeepStrictEqual } from 'node:util';
import type { HumanName, Patient } from '@medplum/fhirtypes';
import type { Move } from './moved.ts';

/** Facts about a patient, as groups of elements: a choice may have only one. */
const KNOWN: readonly (readonly (keyof Patient)[])[] = [
  ['birthDate'],
  ['gender'],
  ['deceasedBoolean', 'deceasedDateTime'],
  ['multipleBirthBoolean', 'multipleBirthInteger'],
  ['maritalStatus'],
  ['photo'],
  ['communication'],
  ['generalPractitioner'],
  ['managingOrganization'],
];

/**
 * The survivor, whom searches find under both patients' identifiers and has all facts of either: birth date, death, need for an
 * interpreter. Duplicates appear once, as they were.
 */
export function keptPerson(target: Patient, source: Patient, move: Move): Patient {
  const kept: Patient = {
    ...target,
    ...unsaid(target, source),
    ...lists({
      identifier: added(
        target.identifier,
        (source.identifier ?? []).map((one) => ({ ...one, use: 'old' as const })),
        (a, b) => a.system === b.system && a.value === b.value && a.value !== undefined,
      ),
      name: added(target.name, (source.name ?? []).map(former), isSameName),
      // It is unknown which of two numbers is answered, so both stay in use, the survivor's first.
      telecom: added(
        target.telecom,
        (source.telecom ?? []).map(({ rank: _, ...one }) => one),
        (a, b) => a.system === b.system && a.value === b.value && a.value !== undefined,
      ),
      address: added(target.address, source.address ?? [], withoutUse),
      contact: added(target.contact, source.contact ?? [], isDeepStrictEqual),
      extension: added(target.extension, source.extension ?? [], (a, b) => a.url === b.url),
    }),
  };
  return replacing(kept, move);
}

/** Facts that only the other patient has. */
function unsaid(target: Patient, source: Patient): Partial<Patient> {
  const withParts = (keys: readonly string[]) => keys.flatMap((key) => [key, `_${key}`]);
  const groups = KNOWN.map(withParts).filter((keys) => !keys.some((key) => key in target));
  return Object.fromEntries(
    groups.flatMap((keys) => keys.flatMap((key) => (key in source ? [[key, source[key as keyof Patient]]] : []))),
  ) as Partial<Patient>;
}

/** The survivor as the caller wants them, with the link to the one they replace. */
export function replacing(patient: Patient, { source, target }: Move): Patient {
  const own = [source, target].map((id) => `Patient/${id}`);
  const others = (patient.link ?? []).filter(({ other }) => !own.includes(other?.reference ?? ''));
  return { ...patient, link: [...others, { other: { reference: `Patient/${source}` }, type: 'replaces' }] };
}

/** The patient who must no longer be used. */
export function replaced(patient: Patient, { target }: Move): Patient {
  const others = (patient.link ?? []).filter(({ other }) => other?.reference !== `Patient/${target}`);
  const link: Patient['link'] = [...others, { other: { reference: `Patient/${target}` }, type: 'replaced-by' }];
  return { ...patient, active: false, link };
}

/** The replacement named in a patient's record: `Patient/1`. */
export function replacedBy({ link = [] }: Patient): string | undefined {
  return link.find(({ type }) => type === 'replaced-by')?.other?.reference;
}

function former(name: HumanName): HumanName {
  return name.use === 'maiden' || name.use === 'nickname' ? name : { ...name, use: 'old' };
}

function isSameName(a: HumanName, b: HumanName): boolean {
  const said = ({ use: _, period: __, ...rest }: HumanName) => rest;
  return isDeepStrictEqual(said(a), said(b));
}

function withoutUse<T extends { readonly use?: unknown }>(a: T, b: T): boolean {
  return isDeepStrictEqual({ ...a, use: null }, { ...b, use: null });
}

function added<T>(own: readonly T[] = [], others: readonly T[], isSame: (a: T, b: T) => boolean): T[] {
  return [...own, ...others.filter((other) => !own.some((one) => isSame(one, other)))];
}

/** FHIR has no empty lists. */
function lists<T extends Readonly<Record<string, readonly unknown[]>>>(all: T): Partial<T> {
  return Object.fromEntries(Object.entries(all).filter(([, list]) => list.length > 0)) as Partial<T>;
}
