// What a token may do at the FHIR door: SMART v2 letters per type, and the compartment of the patient it is bound to.

import type { Resource } from '@medplum/fhirtypes';
import { Refusal } from '#kit/errors.ts';
import type { Permission } from '#kit/scopes.ts';
import { patientOf } from '#r4/search-index.ts';
import { parseCriterion } from '#r4/search-parse.ts';
import type { Access } from './access-port.ts';

const ACTION = {
  c: 'create records of type',
  r: 'read records of type',
  u: 'update records of type',
  d: 'delete records of type',
  s: 'search records of type',
} as const satisfies Record<Permission, string>;

/** Throws `access.forbidden` unless every one of `permissions` on `type` is held. */
export function requirePermission(access: Access, type: string, ...permissions: readonly Permission[]): void {
  for (const permission of permissions) {
    if (access.scopes.allows(type, permission)) continue;
    throw new Refusal('access.forbidden', {
      action: `${ACTION[permission]} ${type}`,
      scope: `${access.patient === null ? 'system' : 'patient'}/${type}.${permission}`,
    });
  }
}

/** Whether a record of `patient`'s chart (null: of none) is in reach of the token. */
export function inReach(access: Access, patient: string | null): boolean {
  return access.patient === null || access.patient === patient;
}

/** Throws `access.forbidden` when the token is bound to another patient than the one whose chart is touched. */
export function requireReach(access: Access, patient: string | null): void {
  if (inReach(access, patient)) return;
  throw new Refusal('access.forbidden', {
    action: 'reach records outside the chart of its patient',
    scope: 'system/*.cruds or user/*.cruds, not bound to one patient',
  });
}

export function requireReachOf(access: Access, resource: Resource): void {
  if (access.patient !== null) requireReach(access, patientOf(resource));
}

/**
 * A search may ask about records of other types (`subject:Patient.name`, `_has:Observation:patient:code`), and its
 * matches tell about them: so those types must be searchable too. A token bound to a patient may not ask at all,
 * since what it asks about can lie in another chart.
 */
export function requireSearch(access: Access, type: string, query: URLSearchParams): void {
  requirePermission(access, type, 's');
  for (const [name, value] of query) {
    const asked = typesAskedBy(type, name, value);
    if (asked.length === 0) continue;
    if (access.patient !== null) {
      throw new Refusal('access.forbidden', {
        action: `search by ${name}, which asks about records of other types`,
        scope: 'system/*.s or user/*.s, not bound to one patient',
      });
    }
    for (const other of asked) requirePermission(access, other, 's');
  }
}

/** Read by the search's own parser: another reading of the same words would be a way around this check. */
function typesAskedBy(type: string, name: string, value: string): readonly string[] {
  if (!name.includes('.') && !name.startsWith('_has:')) return [];
  const criterion = parseCriterion(type, name, value);
  if (criterion.kind === 'has') return [criterion.type];
  return criterion.kind === 'chain' ? criterion.targets.map((target) => target.type) : [];
}
