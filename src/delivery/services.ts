// What a plugin reads: records, as its scopes allow.

import type { ResourceType } from '@medplum/fhirtypes';
import type { Chart } from '#chart/contract.ts';
import { Refusal } from '#kit/errors.ts';
import type { Permission, ScopeSet } from '#kit/scopes.ts';
import type { HostServices } from '#plugin-host/contract.ts';
import { isResourceType } from '#r4/resource-types.ts';

/** Records that one search gives a plugin at most. */
const MOST = 1_000;

/** Reads bound to a plugin's scopes and to the patient whose event it answers; its searches are within the budget of `caller`. */
export function readsFor(chart: Chart, scopes: ScopeSet, patient: string | null, caller: string): HostServices {
  return {
    async read(type, id) {
      const reach = allow(scopes, type, 'r');
      const found = await chart.current(type, id);
      if (!found?.resource) return null;
      if (reach === 'patient' && found.patient !== null && found.patient !== patient) throw forbidden(type, 'r', true);
      return found.resource;
    },
    async search(type, query) {
      const reach = allow(scopes, type, 's');
      const bounded = withCount(query);
      if (reach === 'any') return [...(await chart.search(type as ResourceType, bounded, { caller })).matches];
      // Records outside any chart, such as practitioners, are nobody's secret; those of other patients are.
      if (patient === null) throw forbidden(type, 's', true);
      return [...(await chart.search(type as ResourceType, bounded, { within: patient, caller })).matches];
    },
  };
}

function allow(scopes: ScopeSet, type: string, permission: Permission): 'any' | 'patient' {
  if (!isResourceType(type)) throw new Refusal('record.unknown-type', { type });
  const reach = scopes.reach(type, permission);
  if (reach === 'none') throw forbidden(type, permission, false);
  return reach;
}

function forbidden(type: string, permission: Permission, otherPatient: boolean): Refusal {
  const verb = permission === 'r' ? 'read' : 'search';
  return new Refusal('host.forbidden', {
    action: otherPatient ? `${verb} ${type} records outside the event's chart` : `${verb} ${type} records`,
    scope: `the scope ${otherPatient ? 'system' : 'patient'}/${type}.${permission}`,
  });
}

function withCount(query: string): string {
  const parameters = new URLSearchParams(query);
  const asked = Number(parameters.get('_count') ?? MOST);
  parameters.set('_count', String(Number.isInteger(asked) && asked > 0 ? Math.min(asked, MOST) : MOST));
  return parameters.toString();
}
