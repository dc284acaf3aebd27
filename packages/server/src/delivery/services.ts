// What a plugin reads: records, on the authority of its scopes and of the event that it answers.

import type { ResourceType } from '@medplum/fhirtypes';
import type { Chart, ChartReader } from '#chart/contract.ts';
import type { Disclosure, Origin } from '#chart/origin.ts';
import type { Authority } from '@chartwire/sdk/internal/kit/authority';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { ScopeSet } from '@chartwire/sdk/internal/kit/scopes';
import type { HostServices } from '#plugin-host/contract.ts';
import { isResourceType } from '#r4/resource-types.ts';
import type { About } from '#store/audit/disclosed.ts';
import type { AuditRow } from '#store/audit/row.ts';
import type { AuditTrail } from '#store/audit/trail.ts';
import { readRows, refusedRows } from './plugin-trail.ts';

/** Records that one search gives a plugin at most. */
const MOST = 1_000;

/** Of a plugin that answers an event of `patient`; nobody looks on while it runs. */
export function pluginAuthority(scopes: ScopeSet, patient: string | null): Authority {
  return { scopes, patient, unattended: true };
}

/** Reads of one run. Each is on record before the plugin has its answer, or fails. */
export function readsFor(chart: Chart, trail: Pick<AuditTrail, 'write'>, origin: Origin): HostServices {
  async function recorded<T>(asked: Asked, read: (reader: ChartReader) => Promise<T>): Promise<T> {
    const given: Disclosure[] = [];
    let rows: readonly AuditRow[];
    try {
      const answer = await read(chart.reader({ ...origin, disclose: (one) => void given.push(one) }));
      rows = readRows(origin, asked, given);
      return answer;
    } catch (error) {
      rows = refusedRows(origin, asked, error);
      throw error;
    } finally {
      await keep(trail, rows!);
    }
  }
  return {
    async read(type, id) {
      refuseUnknown(type);
      return recorded({ type, id }, async (reader) => (await reader.current(type, id))?.record ?? null);
    },
    async search(type, query) {
      refuseUnknown(type);
      return recorded({ type, query }, async (reader) => [
        ...(await reader.search(type as ResourceType, withCount(query))).matches,
      ]);
    },
  };
}

type Asked = About & { readonly query?: string };

async function keep(trail: Pick<AuditTrail, 'write'>, rows: readonly AuditRow[]): Promise<void> {
  await trail.write(rows).catch(() => {
    throw new Refusal('audit.unavailable', { seconds: 5 });
  });
}

function refuseUnknown(type: string): asserts type is ResourceType {
  if (!isResourceType(type)) throw new Refusal('record.unknown-type', { type });
}

function withCount(query: string): string {
  const parameters = new URLSearchParams(query);
  const asked = Number(parameters.get('_count') ?? MOST);
  parameters.set('_count', String(Number.isInteger(asked) && asked > 0 ? Math.min(asked, MOST) : MOST));
  return parameters.toString();
}
