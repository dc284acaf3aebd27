// Puts the demo into an empty chart, through the same door as everybody's bundles.

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

/** One seed for everybody, so that people can talk about the same patients. */
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

/** About a thousand records of a dozen patients, with dates relative to `now`, as it is in the practice's time zone. */
export async function loadDemo(chart: Chart, now: Date, timeZone: string): Promise<void> {
  // The stories are told on this machine's clock: first with the time that it is there, then each instant is moved there.
  const today = new Date(wallClock(now, timeZone));
  for (const { entry = [] } of demoBundles({ seed: SEED, today })) {
    await transaction(openDoor(chart, LOADER, ''), movedTo(timeZone, entry), undefined);
  }
}
