// What a builder makes: data and nothing else. The server checks it, authorizes it and applies it. Payload types come from
// the effects’ schemas; the schemas themselves stay with the server. Here too: the builders that don’t take the payload itself.

import type { EffectPayloads, EffectType } from '#effects/index.ts';
import type { R4Resource } from '#records/resource-types.ts';

/** What `compute()` answers with. */
export type Effect<T extends EffectType = EffectType> = {
  readonly [Type in T]: { readonly type: Type; readonly payload: EffectPayloads[Type] };
}[T];

export type Builder<T extends EffectType> = (payload: EffectPayloads[T]) => Effect<T>;

export function builder<const T extends EffectType>(type: T): Builder<T> {
  return (payload) => ({ type, payload });
}

/** Adds a record of any R4 type. */
export function createRecord(resource: R4Resource): Effect<'CREATE_RECORD'> {
  return { type: 'CREATE_RECORD', payload: { resource } };
}

/**
 * Replaces a record. One that was read is replaced only if it is still at the version that was read. Decimals stay as they
 * are written (`1.00`) in the record itself and in a spread of it.
 */
export function updateRecord(resource: R4Resource & { id: string }): Effect<'UPDATE_RECORD'> {
  return { type: 'UPDATE_RECORD', payload: { resource } };
}
