// Pieces that many rows share: ids, cursors, and pages.

import { type TProperties, type TSchema, Type } from 'typebox';

/** A body or query with exactly these members. */
export const only = <const P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

export const FhirId = Type.String({ pattern: '^[A-Za-z0-9\\-.]{1,64}$', description: 'A FHIR logical id.' });

export const Named = only({ id: FhirId });

/** The version that the caller saw. Without it the change applies to the current version. */
export const Version = Type.Optional(Type.Integer({ minimum: 1, description: 'The version you saw.' }));

/** Items per page: 1 to `max`, and `usual` if the caller doesn't say. */
export const limit = (usual: number, max: number) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: max, default: usual, description: 'Items in the page.' }));

export const After = Type.Optional(
  Type.String({ pattern: '^[!-~]{1,200}$', description: 'The `next` of the page before.' }),
);

export const Uuid = Type.String({ format: 'uuid' });

export const Time = Type.String({ format: 'date-time' });

export const Decimal = Type.String({ pattern: '^[0-9]{1,18}$' });

export const PluginName = Type.String({
  pattern: '^[a-z][a-z0-9-]{0,62}$',
  description: 'The name in chartwire.json.',
});

export const EventType = Type.String({
  pattern: '^[A-Z][A-Z0-9_]{1,99}$',
  description: 'See /docs/catalogue/events.html.',
});

export const EventTypes = Type.String({
  pattern: '^[A-Z][A-Z0-9_]{1,99}(,[A-Z][A-Z0-9_]{1,99})*$',
  description: 'One event type, or several with commas between.',
});

export const Order = Type.Enum(['asc', 'desc'], { default: 'asc', description: '`desc`: newest first.' });

/** `Task/123`, or the id alone. */
export const Target = Type.String({ pattern: '^([A-Z][A-Za-z]{0,63}/)?[A-Za-z0-9\\-.]{1,64}$' });

/** `Task/123`. */
export const TargetReference = Type.String({ pattern: '^[A-Z][A-Za-z]{0,63}/[A-Za-z0-9\\-.]{1,64}$' });

/** A page of a list: `{items, next}`. */
export const pageOf = <Item extends TSchema>(item: Item) =>
  Type.Object({
    items: Type.Array(item),
    next: Type.Union([Type.String(), Type.Null()], { description: 'Cursor of the next page; null on the last.' }),
  });

export const orNull = <Schema extends TSchema>(schema: Schema, options: { description?: string } = {}) =>
  Type.Union([schema, Type.Null()], options);

export const TimeZone = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'An IANA time zone, `America/New_York`.',
});

export const patientName = orNull(
  Type.String({ description: 'The patient’s current name; null for a caller who may not read patients.' }),
);
