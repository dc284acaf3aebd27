// Chartwire's own extensions of R4 records, validated however a record arrives, since an invalid one can't be shown.

import type { Extension, Resource } from '@medplum/fhirtypes';
import { Value } from 'typebox/value';
import { isTimeZone } from '#kit/calendar.ts';
import type { Fault } from '#kit/errors.ts';
import { Href } from '#kit/schema.ts';
import { EXTENSION } from '#kit/systems.ts';
import { TIME_ZONE } from './location-time-zone.ts';

export const BANNER_INTENTS = ['info', 'warning', 'alert'] as const;
export const BANNER_PLACEMENTS = ['chart', 'timeline', 'appointment_card', 'scheduling_card', 'profile'] as const;
export const CARD_STATUSES = ['due', 'satisfied', 'pending', 'not_applicable', 'not_relevant'] as const;

/** What is wrong with an extension, in words; undefined if nothing is. */
type Check = (extension: Extension) => string | undefined;

const code =
  (codes: readonly string[]): Check =>
  ({ valueCode }) =>
    valueCode !== undefined && codes.includes(valueCode) ? undefined : `valueCode must be one of ${codes.join(', ')}`;
const someText: Check = ({ valueString }) => (valueString?.trim() ? undefined : 'valueString must be text');
const someCode: Check = ({ valueCode }) => (valueCode ? undefined : 'valueCode must be a code');
const href: Check = ({ valueUri }) =>
  Value.Check(Href, valueUri) ? undefined : 'valueUri must be an https address or a path of this server';
const jsonObject: Check = ({ valueString }) =>
  isJsonObject(valueString) ? undefined : 'valueString must be a JSON object';

/** An extension made of these, each at most once unless it is in `many`. */
const madeOf =
  (parts: ReadonlyMap<string, Check>, required: readonly string[], many: readonly string[] = []): Check =>
  ({ extension = [] }) => {
    const missing = required.find((name) => !extension.some(({ url }) => url === name));
    if (missing) return `it must have ${missing}`;
    for (const part of extension) {
      const check = parts.get(part.url);
      if (!check) return `it can't have other parts than ${[...parts.keys()].join(', ')}`;
      if (!many.includes(part.url) && extension.filter(({ url }) => url === part.url).length > 1)
        return `it can't have ${part.url} twice`;
      const fault = check(part);
      if (fault) return `in ${part.url}, ${fault}`;
    }
    return undefined;
  };

const command = madeOf(
  new Map([
    ['key', someCode],
    ['fields', jsonObject],
  ]),
  ['key'],
);

const CHECKS: ReadonlyMap<string, Check> = new Map([
  [EXTENSION.bannerIntent, code(BANNER_INTENTS)],
  [EXTENSION.bannerPlacement, code(BANNER_PLACEMENTS)],
  [EXTENSION.bannerHref, href],
  [EXTENSION.cardStatus, code(CARD_STATUSES)],
  [EXTENSION.cardTitle, someText],
  [
    EXTENSION.cardRecommendation,
    madeOf(
      new Map([
        ['title', someText],
        ['button', someText],
        ['href', href],
        ['command', command],
      ]),
      ['title'],
      ['command'],
    ),
  ],
]);

/** FHIR's own, which decides a location's days: an unknown zone would be ignored silently. */
const LOCATION_CHECKS: ReadonlyMap<string, Check> = new Map([
  [
    TIME_ZONE,
    ({ valueCode }) =>
      valueCode !== undefined && isTimeZone(valueCode)
        ? undefined
        : 'valueCode must be an IANA time zone, such as America/New_York',
  ],
]);

/** What is wrong with the extensions that we read; empty if nothing is. Messages contain no values. */
export function ownExtensionFaults(resource: Resource): Fault[] {
  const { extension } = resource as { readonly extension?: readonly Extension[] };
  return (extension ?? []).flatMap((one, index) => {
    const checks = resource.resourceType === 'Location' ? LOCATION_CHECKS : CHECKS;
    const fault = checks.get(one.url)?.(one);
    return fault
      ? [{ path: `${resource.resourceType}.extension[${index}]`, message: `${fault}.`, issue: 'value' }]
      : [];
  });
}

function isJsonObject(text: string | undefined): boolean {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
