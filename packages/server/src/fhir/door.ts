// The FHIR API for one caller: where their requests run, and what they may read.

import type { Chart } from '#chart/contract.ts';
import type { Origin } from '#chart/origin.ts';
import type { Access, AuditAction } from './access-port.ts';
import type { Door } from './interaction.ts';

export function openDoor(chart: Chart, access: Access, baseUrl: string): Door {
  const { actor, purpose, disclose } = access;
  const origin: Origin = {
    actor,
    source: 'fhir',
    authority: access,
    ...(purpose !== undefined && { purpose }),
    ...(disclose && { disclose }),
  };
  return { chart, access, origin, reader: chart.reader(origin), baseUrl };
}

/** The origin of a write: what it writes is put on record with it. */
export function writer({ access, origin }: Door, action: AuditAction): Origin {
  return access.trail ? { ...origin, trail: access.trail(action) } : origin;
}
