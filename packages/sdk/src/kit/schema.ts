// Building blocks of payloads and fields, as JSON Schema by TypeBox. Types are inferred from them.

import { type Static, type TProperties, Type } from 'typebox';
import { Set as SetFormat } from 'typebox/format';
import { isPartialDate } from './partial-date.ts';

/** An object with exactly these properties. A misspelled one is refused, not ignored. */
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

/** A reference, `Patient/123`, to one of the given types, or to any. */
export function reference(types: readonly string[], description: string) {
  const type = types.length > 0 ? `(${types.join('|')})` : '[A-Z][A-Za-z]+';
  return Type.String({ pattern: `^${type}/[A-Za-z0-9\\-.]{1,64}$`, description });
}

/** A day, `2026-08-23`. */
export const Day = Type.String({ format: 'date', description: 'a day, as 2026-08-23' });

/** A FHIR date as precise as it is known: `1998`, `1998-05`, `1998-05-14`. */
export const PartialDate = Type.String({
  format: 'partial-date',
  pattern: '^\\d{4}(-\\d{2}(-\\d{2})?)?$',
  description: 'a day, a month or a year, as 1998-05-14, 1998-05 or 1998',
});
SetFormat('partial-date', isPartialDate);

/** A FHIR dateTime with at least a day: `2026-08-23`, or `2026-08-23T10:00:00Z` with its time zone. */
export const DayOrTime = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2}))?$',
  description: 'a day, or a time with its zone, as 2026-08-23T10:00:00Z',
});

/** A FHIR dateTime of any precision: also `2019-05` or `2019`. */
export const DateOrTime = Type.String({
  pattern: '^\\d{4}(-\\d{2}(-\\d{2}(T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2}))?)?)?$',
  description: 'a day, a month or a year, or a time with its zone, as 2026-08-23T10:00:00Z',
});

/**
 * The target of a link: a page of this server, or a web page. Rejects `javascript:` and `data:`, and anything that a browser
 * would resolve to another server: browsers treat a backslash as a slash, and ignore tabs and line breaks.
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

/** The value of a field with a search: one of its options, as selected. */
export const Option = closed({
  value: Type.String({ minLength: 1, maxLength: 255, description: 'a code of the field’s code system, or a FHIR id' }),
  text: Type.String({ maxLength: 1000, description: 'what was shown' }),
  coding: Type.Optional(Type.Array(Coding, { maxItems: 20 })),
});
export type Option = Static<typeof Option>;
