// The pieces payloads and fields are made of, as JSON Schema by TypeBox. Types are inferred from them.

import { type Static, type TProperties, Type } from 'typebox';
import { Set as SetFormat } from 'typebox/format';
import { isPartialDate } from './partial-date.ts';

/** An object with these properties and no others: a misspelt one is refused, not ignored. */
export function closed<const P extends TProperties>(properties: P, options: { minProperties?: number } = {}) {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/** Text of 1 to `maxLength` characters that is not blank. */
export function text(maxLength: number, description?: string) {
  return Type.String({ minLength: 1, maxLength, pattern: '\\S', ...(description && { description }) });
}

export function choice<const Values extends string[]>(values: readonly [...Values], description?: string) {
  return Type.Enum(values, { ...(description && { description }) });
}

export function fhirId(description: string) {
  return Type.String({ pattern: '^[A-Za-z0-9\\-.]{1,64}$', description });
}

/** `Patient/123`; of any type unless types are named. */
export function reference(types: readonly string[], description: string) {
  const type = types.length > 0 ? `(${types.join('|')})` : '[A-Z][A-Za-z]+';
  return Type.String({ pattern: `^${type}/[A-Za-z0-9\\-.]{1,64}$`, description });
}

/** A day, `2026-08-23`. */
export const Day = Type.String({ format: 'date', description: 'a day, as 2026-08-23' });

/** A date as well as it is known, as a FHIR date: `1998`, `1998-05`, `1998-05-14`. */
export const PartialDate = Type.String({
  format: 'partial-date',
  pattern: '^\\d{4}(-\\d{2}(-\\d{2})?)?$',
  description: 'a day, a month or a year, as 1998-05-14, 1998-05 or 1998',
});
SetFormat('partial-date', isPartialDate);

/** A FHIR dateTime of at least a day: `2026-08-23`, or `2026-08-23T10:00:00Z` with its time zone. */
export const DayOrTime = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2}))?$',
  description: 'a day, or a time with its zone, as 2026-08-23T10:00:00Z',
});

/** The same, or a month or a year where no more is known: `2019-05`, `2019`. */
export const DateOrTime = Type.String({
  pattern: '^\\d{4}(-\\d{2}(-\\d{2}(T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2}))?)?)?$',
  description: 'a day, a month or a year, or a time with its zone, as 2026-08-23T10:00:00Z',
});

/**
 * Where a link may lead: a page of this server, or a web page. Never `javascript:` or `data:`, nor what a browser reads as
 * another server: it takes a backslash for a slash, and leaves out tabs and line ends.
 */
export const Href = Type.String({
  pattern: '^(https://(?![/\\\\])|/(?![/\\\\]))[^\\s\\\\\\u0000-\\u001f]*$',
  maxLength: 2048,
  description: 'an https address, or a path of this server',
});

/** A code of a code system. */
export const Coding = closed({
  system: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  code: Type.String({ minLength: 1, maxLength: 100 }),
  display: Type.Optional(Type.String({ maxLength: 1000 })),
});
export type Coding = Static<typeof Coding>;

/** What a field with a search holds: one of its options, as it was picked. */
export const Option = closed({
  value: Type.String({ minLength: 1, maxLength: 255, description: 'a code of the field’s code system, or a FHIR id' }),
  text: Type.String({ maxLength: 1000, description: 'what was shown' }),
  coding: Type.Optional(Type.Array(Coding, { maxItems: 20 })),
});
export type Option = Static<typeof Option>;
