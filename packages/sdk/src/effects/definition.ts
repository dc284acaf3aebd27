// The definition of an effect: its payload, the scopes it needs, and how it is applied.

import type { Static, TSchema } from 'typebox';
import type { Draft } from '#kit/draft.ts';
import type { Permission } from '#kit/scopes.ts';
import type { EffectRequest } from './port.ts';

/** One permission that an effect needs: `{ type: 'Task', permission: 'c' }` is the scope `patient/Task.c`. */
export interface ScopeNeed {
  readonly type: string;
  readonly permission: Permission;
}

export interface EffectDefinition<Type extends string = string, Schema extends TSchema = TSchema, Payload = unknown> {
  readonly type: Type;
  readonly summary: string;
  /** Name of its builder in the SDK, if it isn't the type in camel case. */
  readonly builder?: string;
  /** What it writes to the chart, in words. */
  readonly writes: string;
  readonly payload: Schema;
  /** An example payload, printed in the catalogue and applied by a test. */
  readonly example: Payload;
  scopes(payload: Payload): readonly ScopeNeed[];
  /**
   * Applies the effect to the draft and returns references to what it changed.
   *
   * @throws {Refusal} when it can't be applied
   */
  apply(payload: Payload, draft: Draft, request: EffectRequest): Promise<readonly string[]>;
}

/** Declares an effect and keeps its literal type and schema, from which builders and docs are derived. */
export function defineEffect<const Type extends string, Schema extends TSchema>(
  definition: EffectDefinition<Type, Schema, NoInfer<Static<Schema>>>,
): EffectDefinition<Type, Schema, Static<Schema>> {
  return definition;
}

/** Scopes from letters: `needs('Task', 'cu')`. */
export function needs(type: string, permissions: string): ScopeNeed[] {
  return Array.from(permissions, (letter) => ({ type, permission: letter as Permission }));
}
