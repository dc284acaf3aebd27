// Loads the demo into an empty chart, through the same API as any bundle.

import type { Chart } from '#chart/contract.ts';
import type { Access } from '#fhir/access-port.ts';
import { transaction } from '#fhir/bundle/transaction.ts';
import { openDoor } from '#fhir/door.ts';
import { SYSTEM } from '@chartwire/sdk/internal/kit/authority';
import { wallClock } from '@chartwire/sdk/internal/kit/calendar';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { demoBundles } from './index.ts';
import { clinicianName, Practice } from './practice.ts';
import { movedTo } from './time-zone.ts';

/** The same seed everywhere, so that people can talk about the same patients. */
const SEED = 20_26;

/** Whose patients most of the demo's are: who signs in first is this physician. */
export const DEMO_PHYSICIAN = {
  name: clinicianName('osei'),
  id: parseReference(new Practice(SEED).clinician('osei').reference)!.id,
};

const LOADER: Access = {
  actor: { type: 'system', id: 'demo' },
  ...SYSTEM,
  audit() {},
};

/** About a thousand records of a dozen patients, with dates relative to `now` in the practice's time zone. */
export async function loadDemo(chart: Chart, now: Date, timeZone: string): Promise<void> {
  // The stories use this machine's clock; afterwards each instant is moved to the practice's.
  const today = new Date(wallClock(now, timeZone));
  for (const { entry = [] } of demoBundles({ seed: SEED, today })) {
    await transaction(openDoor(chart, LOADER, ''), movedTo(timeZone, entry), undefined);
  }
}
