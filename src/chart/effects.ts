// Applying a plugin's effects: each checked against its schema and the plugin's scopes, all of them or none.

import type { ExtractResource, Resource, ResourceType } from '@medplum/fhirtypes';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { effectByType } from '#effects/index.ts';
import type { EffectRequest } from '#effects/port.ts';
import type { Draft, PatchOperation } from '#kit/draft.ts';
import { type Fault, Refusal } from '#kit/errors.ts';
import type { Permission, ScopeSet } from '#kit/scopes.ts';
import { patientOf } from '#r4/search-index.ts';
import type { EffectOutcome } from '#store/contract.ts';
import type { ChartDraft } from './draft.ts';

/** Thrown when an effect is refused: none of the execution's effects is written. */
export class EffectsRefused extends Error {
  readonly refusal: Refusal;
  readonly outcomes: readonly EffectOutcome[];

  constructor(refusal: Refusal, outcomes: readonly EffectOutcome[]) {
    super(refusal.message);
    this.name = 'EffectsRefused';
    this.refusal = refusal;
    this.outcomes = outcomes;
  }
}

/** Effects as a plugin returned them: untrusted. */
export type ReturnedEffect = { readonly type: string; readonly payload: unknown };

/** Fills the draft with what the effects ask for. Throws `EffectsRefused` at the first that may not be. */
export async function applyEffects(
  draft: Draft,
  effects: readonly ReturnedEffect[],
  request: EffectRequest & { readonly scopes: ScopeSet },
): Promise<EffectOutcome[]> {
  const outcomes: EffectOutcome[] = [];
  for (const [index, effect] of effects.entries()) {
    try {
      const references = await applyOne(draft as ChartDraft, index, effect, request);
      outcomes.push({ ...effect, outcome: 'applied', references });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new EffectsRefused(error, outcomesOfRefusal(effects, index, error));
    }
  }
  return outcomes;
}

/** What each effect came to when the one at `refused` was: it says why, and none was applied. */
export function outcomesOfRefusal(
  effects: readonly ReturnedEffect[],
  refused: number | undefined,
  { code, message, next }: Refusal,
): EffectOutcome[] {
  return effects.map((effect, index) =>
    index === refused
      ? { ...effect, outcome: 'refused', references: [], error: { code, message: `${message} ${next}` } }
      : { ...effect, outcome: 'not-applied', references: [] },
  );
}

async function applyOne(
  draft: ChartDraft,
  index: number,
  { type, payload }: ReturnedEffect,
  request: EffectRequest & { readonly scopes: ScopeSet },
): Promise<readonly string[]> {
  const definition = effectByType(type);
  if (!definition) throw new Refusal('effect.unknown', { type });
  const faults = faultsOf(definition.payload, payload);
  if (faults.length > 0) {
    throw new Refusal('effect.invalid', { type, reason: `${faults[0]!.path || '/'} ${faults[0]!.message}` }, faults);
  }
  draft.effect = index;
  return definition.apply(payload, new ScopedDraft(draft, request.scopes, request.event.patient), request);
}

function faultsOf(schema: TSchema, payload: unknown): Fault[] {
  if (Value.Check(schema, payload)) return [];
  return [...Value.Errors(schema, payload)].map(({ instancePath, message }) => ({ path: instancePath, message }));
}

/** A draft that does only what a plugin's scopes allow, whatever an effect's apply() asks of it. */
class ScopedDraft implements Draft {
  readonly #draft: Draft;
  readonly #scopes: ScopeSet;
  readonly #patient: string | null;

  constructor(draft: Draft, scopes: ScopeSet, patient: string | null) {
    this.#draft = draft;
    this.#scopes = scopes;
    this.#patient = patient;
  }

  get at(): string {
    return this.#draft.at;
  }

  newId(): string {
    return this.#draft.newId();
  }

  /** What a plugin may change it may also look at while it is being changed; nothing of it goes back to the plugin. */
  read<T extends ResourceType>(type: T, id: string): Promise<ExtractResource<T> | undefined> {
    return this.#draft.read(type, id);
  }

  search<T extends ResourceType>(type: T, query: string): Promise<ExtractResource<T>[]> {
    return this.#draft.search(type, query);
  }

  create<R extends Resource>(resource: R): R & { id: string } {
    this.#check('c', resource);
    return this.#draft.create(resource);
  }

  async update<R extends Resource>(
    resource: R & { id: string },
    options?: { ifVersion?: number },
  ): Promise<R & { id: string }> {
    const before = await this.#draft.read(resource.resourceType, resource.id);
    if (before) this.#check('u', before);
    this.#check(before ? 'u' : 'c', resource);
    return this.#draft.update(resource, options);
  }

  async patch<T extends ResourceType>(
    type: T,
    id: string,
    patch: readonly PatchOperation[],
    options?: { ifVersion?: number },
  ): Promise<ExtractResource<T>> {
    const before = await this.#draft.read(type, id);
    if (before) this.#check('u', before);
    else this.#allow(type, 'u');
    const patched = await this.#draft.patch(type, id, patch, options);
    this.#check('u', patched);
    return patched;
  }

  async delete(type: ResourceType, id: string, options?: { ifVersion?: number }): Promise<void> {
    const before = await this.#draft.read(type, id);
    if (before) this.#check('d', before);
    else this.#allow(type, 'd');
    return this.#draft.delete(type, id, options);
  }

  #allow(type: string, permission: Permission): 'any' | 'patient' {
    const reach = this.#scopes.reach(type, permission);
    if (reach !== 'none') return reach;
    const scope = `patient/${type}.${permission}`;
    throw new Refusal('effect.forbidden', { action: `${VERBS[permission]} ${type} records`, scope });
  }

  #check(permission: Permission, resource: Resource): void {
    const { resourceType } = resource;
    if (this.#allow(resourceType, permission) === 'any') return;
    const patient = patientOf(resource);
    if (patient === null || patient === this.#patient) return;
    const scope = `system/${resourceType}.${permission}`;
    throw new Refusal('effect.forbidden', {
      action: `${VERBS[permission]} ${resourceType} records of another patient than the event's`,
      scope,
    });
  }
}

const VERBS: Readonly<Record<Permission, string>> = {
  c: 'create',
  r: 'read',
  u: 'update',
  d: 'delete',
  s: 'search',
};
