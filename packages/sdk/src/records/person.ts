// Which of a person's names, numbers, and addresses to show. A record keeps all of them, including former ones; each may have a
// purpose (`use`) and a `period`.

import type { Address, ContactPoint, HumanName, Patient, Period } from '@medplum/fhirtypes';

/** Uses in order of preference. `undefined` means none given. */
const NAME_USES: readonly HumanName['use'][] = [
  'official',
  'usual',
  undefined,
  'temp',
  'nickname',
  'anonymous',
  'maiden',
  'old',
];
const CONTACT_USES: readonly ContactPoint['use'][] = ['mobile', 'home', undefined, 'work', 'temp'];
const ADDRESS_USES: readonly Address['use'][] = ['home', undefined, 'temp', 'work', 'billing'];

/** The name of a person at an instant: a current one before any other, official first. */
export function currentName(names: readonly HumanName[] | undefined, at = new Date()): HumanName | undefined {
  return best(names, NAME_USES, at);
}

/** `Ana Maria Silva`; undefined for a person without a name. */
export function nameText(names: readonly HumanName[] | undefined, at = new Date()): string | undefined {
  const name = currentName(names, at);
  return name && (name.text || [...(name.given ?? []), name.family].filter(Boolean).join(' ') || undefined);
}

/**
 * The telephone number or e-mail address of a person: current, by rank (1 is first), then mobile. Never a former one, which may
 * now be another person's.
 */
export function currentContact(
  contacts: readonly ContactPoint[] | undefined,
  system: 'phone' | 'email',
  at = new Date(),
): ContactPoint | undefined {
  const usable = contacts?.filter(
    (contact) => contact.system === system && contact.value && contact.use !== 'old' && inForce(contact.period, at),
  );
  const ranked = usable?.toSorted(
    (a, b) => (a.rank ?? Number.POSITIVE_INFINITY) - (b.rank ?? Number.POSITIVE_INFINITY),
  );
  const first = ranked?.[0]?.rank;
  return best(
    ranked?.filter(({ rank }) => rank === first),
    CONTACT_USES,
    at,
  );
}

/** Where a person lives at an instant: home first, a street address before a post-office box. Never a former one. */
export function currentAddress(addresses: readonly Address[] | undefined, at = new Date()): Address | undefined {
  const current = addresses?.filter(({ use, period }) => use !== 'old' && inForce(period, at));
  const places = current?.filter(({ type }) => type !== 'postal');
  return best(places?.length ? places : current, ADDRESS_USES, at);
}

/** On one line: `1 Elm St, Springfield, IL 62701`. */
export function addressText(address: Address | undefined): string | undefined {
  if (!address) return undefined;
  const { text, line = [], city, state, postalCode, country } = address;
  const place = [city, [state, postalCode].filter(Boolean).join(' ')].filter(Boolean).join(', ');
  return text?.replaceAll('\n', ', ') ?? ([...line, place, country].filter(Boolean).join(', ') || undefined);
}

/**
 * The medical record number; if none is marked as one, the usual identifier, then any. Old ones, such as those of a merged chart,
 * come last.
 */
export function medicalRecordNumber({ identifier = [] }: Patient): string | undefined {
  const current = identifier.filter(({ use }) => use !== 'old');
  const among = current.length > 0 ? current : identifier;
  const marked = among.find(({ type }) => type?.coding?.some(({ code }) => code === 'MR'));
  return (marked ?? among.find(({ use }) => use === 'usual') ?? among[0])?.value;
}

/** FHIR periods are days or instants, and include both ends: `2020` ends with its last day. */
function inForce(period: Period | undefined, at: Date): boolean {
  const now = at.toISOString();
  const isPast = (end: string): boolean => {
    const instant = end.includes('T') ? Date.parse(end) : Number.NaN;
    return Number.isNaN(instant) ? end < now.slice(0, Math.min(end.length, 10)) : instant < at.getTime();
  };
  const isFuture = (start: string): boolean => (start.includes('T') ? Date.parse(start) > at.getTime() : start > now);
  return !(period?.start && isFuture(period.start)) && !(period?.end && isPast(period.end));
}

function best<T extends { readonly use?: string; readonly period?: Period }>(
  all: readonly T[] | undefined,
  uses: readonly T['use'][],
  at: Date,
): T | undefined {
  const place = ({ use, period }: T): number => {
    const known = uses.indexOf(use);
    return (inForce(period, at) ? 0 : uses.length + 1) + (known < 0 ? uses.length : known);
  };
  return all?.toSorted((a, b) => place(a) - place(b))[0];
}
