// What builders return: data only. The server checks, authorizes, and applies it. Payload types are inferred from the effects'
// schemas, which stay with the server. This file also has the builders that don't take the payload itself.

import type { EffectPayloads, EffectType } from '#effects/index.ts';
import type { R4Resource } from '#records/resource-types.ts';

/** An effect in the list that `compute()` returns: `type` and `payload` as in docs/catalogue/effects.md. */
export type Effect<T extends EffectType = EffectType> = {
  readonly [Type in T]: { readonly type: Type; readonly payload: EffectPayloads[Type] };
}[T];

export type Builder<T extends EffectType> = (payload: EffectPayloads[T]) => Effect<T>;

export function builder<const T extends EffectType>(type: T): Builder<T> {
  return (payload) => ({ type, payload });
}

/**
 * Creates a record of any R4 type. The server assigns an id unless `resource.id` is set. https://hl7.org/fhir/R4/http.html#create
 */
export function createRecord(resource: R4Resource): Effect<'CREATE_RECORD'> {
  return { type: 'CREATE_RECORD', payload: { resource } };
}

/**
 * Replaces a record. If it was read, the server applies the effect only if the record is still at that version. Decimals keep how
 * they were written (`1.00`) in the record and in a spread of it. https://hl7.org/fhir/R4/http.html#update
 */
export function updateRecord(resource: R4Resource & { id: string }): Effect<'UPDATE_RECORD'> {
  return { type: 'UPDATE_RECORD', payload: { resource } };
}
