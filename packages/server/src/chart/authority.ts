// What an authority allows: the single place that decides who may read and change which records.
//
// A permission covers every chart (`system/`, `user/`), or the chart of one patient (`patient/`). A record outside any chart is
// out of reach of `patient/` scopes, except for reading reference data under a scope that names its type:
// records/shared-types.ts.

import type { Authority } from '@chartwire/sdk/internal/kit/authority';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { type Permission, UNLOCK_SCOPE } from '@chartwire/sdk/internal/kit/scopes';
import type { Criterion } from '#r4/search-criterion.ts';
import { parseCriterion } from '#r4/search-parse.ts';
import { SHARED_TYPES } from '@chartwire/sdk/internal/records/shared-types';
import { isSame, type Who } from '@chartwire/sdk/internal/records/signatures';
import type { Origin } from './origin.ts';

type Asker = Pick<Origin, 'actor' | 'authority'>;

/** How far a permission on records of a type reaches. */
export type Reach = 'any' | 'patient' | 'none';

export function reachOf(
  { authority: { scopes } }: Pick<Asker, 'authority'>,
  type: string,
  permission: Permission,
): Reach {
  const reach = scopes.reach(type, permission);
  const isReading = permission === 'r' || permission === 's';
  return reach === 'patient' && isReading && SHARED_TYPES.has(type) && scopes.names(type, permission) ? 'any' : reach;
}

/** Whether a record in the chart of `patient` (null: in none) is in reach. */
export function inReach(
  asker: Pick<Asker, 'authority'>,
  type: string,
  permission: Permission,
  patient: string | null,
): boolean {
  const reach = reachOf(asker, type, permission);
  return reach === 'any' || (reach === 'patient' && patient !== null && patient === asker.authority.patient);
}

/** Refuses unless each of `permissions` on records of `type` is held, for at least one chart. */
export function requirePermission(asker: Asker, type: string, ...permissions: readonly Permission[]): void {
  for (const permission of permissions) {
    if (reachOf(asker, type, permission) !== 'none') continue;
    const context = asker.actor.type === 'plugin' || asker.authority.patient !== null ? 'patient' : 'system';
    throw forbidden(asker, permission, `${VERBS[permission]} ${type} records`, `${context}/${type}.${permission}`);
  }
}

/** Refuses a record that is out of reach. */
export function requireReach(asker: Asker, type: string, permission: Permission, patient: string | null): void {
  requirePermission(asker, type, permission);
  if (inReach(asker, type, permission, patient)) return;
  if (asker.actor.type !== 'plugin') throw new Refusal('access.outside-chart');
  const action = `${VERBS[permission]} ${type} records ${beyond(permission, patient)}`;
  throw forbidden(asker, permission, action, everywhere(type, permission));
}

/** Refusals that say that nothing has an id. */
const NOT_FOUND: ReadonlySet<string> = new Set(['record.not-found', 'note.not-found', 'command.not-found']);

/**
 * A refusal as its caller gets it. Whoever is bound to one patient gets the same answer about what doesn’t exist as about
 * what is outside that patient’s chart: otherwise they could find out whose ids exist.
 */
export function refusalFor({ patient }: Pick<Authority, 'patient'>, refusal: Refusal): Refusal {
  if (patient === null || !NOT_FOUND.has(refusal.code)) return refusal;
  return new Refusal('access.outside-chart', {}, refusal.faults);
}

/** Where the record is that is out of a plugin’s reach. */
function beyond(permission: Permission, patient: string | null): string {
  if (permission === 'r' || permission === 's') return 'outside the event’s chart';
  return patient === null ? 'that are in no patient’s chart' : 'of another patient than the event’s';
}

/** Refuses if no record can be in reach: `patient/` scopes without a patient. */
export function requireSome(asker: Asker, type: string, permission: Permission): void {
  requireReach(asker, type, permission, asker.authority.patient);
}

/** Refuses if the permission covers only one patient. `action`: what it is needed for. */
export function requireEverywhere(asker: Asker, type: string, permission: Permission, action: string): void {
  requirePermission(asker, type, permission);
  if (reachOf(asker, type, permission) === 'any') return;
  throw forbidden(asker, permission, action, everywhere(type, permission));
}

/**
 * Refuses a search that isn't allowed. It may contain conditions on other types (`subject:Patient.name`,
 * `_has:Observation:patient:code`), which its matches reveal. Those records can be in any chart, so the permission to search
 * their types must cover every chart.
 */
export function requireSearch(asker: Asker, type: string, query: string): void {
  requireSome(asker, type, 's');
  for (const [name, value] of new URLSearchParams(query)) {
    for (const other of typesAskedBy(type, name, value)) {
      requireEverywhere(asker, other, 's', `search by ${name}, which asks about ${other} records of any chart`);
    }
  }
}

/** Uses the search's own parser: a different reading of the same text could bypass this check. */
function typesAskedBy(type: string, name: string, value: string): readonly string[] {
  if (!name.includes('.') && !name.startsWith('_has:')) return [];
  return typesIn(parseCriterion(type, name, value));
}

function typesIn(criterion: Criterion): readonly string[] {
  if (criterion.kind === 'has') return [criterion.type, ...typesIn(criterion.criterion)];
  if (criterion.kind !== 'chain') return [];
  return criterion.targets.flatMap((target) => [target.type, ...typesIn(target.criterion)]);
}

function everywhere(type: string, permission: Permission): string {
  return `system/${type}.${permission}`;
}

/**
 * Whose permission a change of a record uses: the writer's own for its type; Chartwire's, for changes made by a rule; or the
 * permission that implies it. A person or client who may commit a command may have it write its records, as those who may create
 * a note may create its visit. A plugin, which runs unattended, needs its own permission for each.
 */
export type Warrant = 'own' | 'system' | { readonly type: string; readonly permission: Permission };

/** Refuses a change of a record in the chart of `owner`, which is looked up only if needed. */
export function requireChange(
  asker: Asker,
  warrant: Warrant,
  change: { readonly type: string; readonly permission: Permission; readonly owner: () => string | null },
): void {
  if (warrant === 'system') return;
  const { type, permission } = warrant === 'own' || asker.authority.unattended ? change : warrant;
  requirePermission(asker, type, permission);
  if (reachOf(asker, type, permission) !== 'any') requireReach(asker, type, permission, change.owner());
}

/** Refuses to unlock a note of other people (`theirs`), unless the caller may unlock others' notes. */
export function requireUnlock(asker: Asker, theirs: readonly Who[]): void {
  if (isTheirs(asker, theirs)) return;
  throw new Refusal('note.unlock', { scope: UNLOCK_SCOPE });
}

/** Refuses what only `theirs`, or callers who may unlock their notes, can do; `whose` describes them. */
export function requireTheirs(asker: Asker, theirs: readonly Who[], whose: string): void {
  if (isTheirs(asker, theirs)) return;
  throw new Refusal('note.not-yours', { whose: `${whose}, or somebody who may unlock others’ notes,` });
}

function isTheirs({ actor, authority }: Asker, theirs: readonly Who[]): boolean {
  return authority.scopes.holds(UNLOCK_SCOPE) || theirs.some((one) => isSame(one, actor));
}

/** Worded for whoever can fix it: the plugin's author, or an administrator. */
function forbidden({ actor }: Asker, permission: Permission, action: string, scope: string): Refusal {
  if (actor.type !== 'plugin') return new Refusal('access.forbidden', { action, scope });
  const isReading = permission === 'r' || permission === 's';
  return isReading
    ? new Refusal('host.forbidden', { action, scope: `the scope ${scope}` })
    : new Refusal('effect.forbidden', { action, scope });
}

const VERBS: Readonly<Record<Permission, string>> = {
  c: 'create',
  r: 'read',
  u: 'update',
  d: 'delete',
  s: 'search',
};
