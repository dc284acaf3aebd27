// The grammar of effects: what a plugin may ask, the scopes it takes, and how it is done.

import type { Static, TSchema } from 'typebox';
import type { Draft } from '#kit/draft.ts';
import type { Permission } from '#kit/scopes.ts';
import type { EffectRequest } from './port.ts';

/** One permission an effect takes: `{ type: 'Task', permission: 'c' }` is the scope `patient/Task.c`. */
export interface ScopeNeed {
  readonly type: string;
  readonly permission: Permission;
}

export interface EffectDefinition<Type extends string = string, Schema extends TSchema = TSchema, Payload = unknown> {
  readonly type: Type;
  readonly summary: string;
  /** Its builder in the SDK, where that’s not the type in camel case. */
  readonly builder?: string;
  /** What it leaves in the chart, in words. */
  readonly writes: string;
  readonly payload: Schema;
  /** A payload as an author would write it; the catalogue prints it, and a test applies it. */
  readonly example: Payload;
  scopes(payload: Payload): readonly ScopeNeed[];
  /** Fills the draft; answers with references to what it changed. Throws a `Refusal` when it cannot be done. */
  apply(payload: Payload, draft: Draft, request: EffectRequest): Promise<readonly string[]>;
}

/** Declares an effect; keeps the literal type and the schema from which builders and docs are made. */
export function defineEffect<const Type extends string, Schema extends TSchema>(
  definition: EffectDefinition<Type, Schema, NoInfer<Static<Schema>>>,
): EffectDefinition<Type, Schema, Static<Schema>> {
  return definition;
}

/** Scopes as letters: `needs('Task', 'cu')`. */
export function needs(type: string, permissions: string): ScopeNeed[] {
  return Array.from(permissions, (letter) => ({ type, permission: letter as Permission }));
}
