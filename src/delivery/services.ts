// What a plugin reads: records, on the authority of its scopes and of the event that it answers.

import type { ResourceType } from '@medplum/fhirtypes';
import type { Chart, Origin } from '#chart/contract.ts';
import type { Authority } from '#kit/authority.ts';
import { Refusal } from '#kit/errors.ts';
import type { ScopeSet } from '#kit/scopes.ts';
import type { HostServices } from '#plugin-host/contract.ts';
import { isResourceType } from '#r4/resource-types.ts';

/** Records that one search gives a plugin at most. */
const MOST = 1_000;

/** Of a plugin that answers an event of `patient`; nobody looks on while it runs. */
export function pluginAuthority(scopes: ScopeSet, patient: string | null): Authority {
  return { scopes, patient, unattended: true };
}

export function readsFor(chart: Chart, origin: Origin): HostServices {
  const reader = chart.reader(origin);
  return {
    async read(type, id) {
      refuseUnknown(type);
      return (await reader.current(type, id))?.resource ?? null;
    },
    async search(type, query) {
      refuseUnknown(type);
      return [...(await reader.search(type as ResourceType, withCount(query))).matches];
    },
  };
}

function refuseUnknown(type: string): void {
  if (!isResourceType(type)) throw new Refusal('record.unknown-type', { type });
}

function withCount(query: string): string {
  const parameters = new URLSearchParams(query);
  const asked = Number(parameters.get('_count') ?? MOST);
  parameters.set('_count', String(Number.isInteger(asked) && asked > 0 ? Math.min(asked, MOST) : MOST));
  return parameters.toString();
}
