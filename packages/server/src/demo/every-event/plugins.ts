// A plugin that is updated, gives an event up, computes without an end until it is quarantined, is disabled and uninstalled.

import type { Patient } from '@medplum/fhirtypes';
import type { Door } from './door.ts';
import { packed } from './recorder.ts';
import type { Step } from './step.ts';

const NAME = 'event-failing';
const MANIFEST = { name: NAME, description: 'Fails at every event it is given.', limits: { stepMs: 10 } };
const SOURCE = `
import { BaseProtocol, FatalError } from 'chartwire/sdk';

export class Failing extends BaseProtocol {
  static RESPONDS_TO = ['PATIENT_CREATED'];

  compute() {
    if (this.event.context.record.language) throw new FatalError('It cannot be done.');
    for (;;);
  }
}
`;

/** Strikes until it is quarantined. */
const STRIKES = 5;
const LONGEST_MS = 60_000;

export const PLUGIN_STEPS: readonly Step[] = [
  {
    name: 'A plugin that fails',
    async run({ door }) {
      for (const version of ['1.0.0', '1.0.1']) {
        await door.install(NAME, await packed({ ...MANIFEST, version }, SOURCE));
      }
      const person: Patient = { resourceType: 'Patient', name: [{ family: 'Nobody' }] };
      await door.create<Patient>({ ...person, language: 'en' });
      for (let count = 0; count < STRIKES; count++) await door.create(person);
      await quarantined(door);
      await door.ask('POST', `/api/plugins/${NAME}/disable`, { pending: 'skip' });
      await door.ask('DELETE', `/api/plugins/${NAME}`);
    },
  },
];

async function quarantined(door: Door): Promise<void> {
  for (const end = Date.now() + LONGEST_MS; Date.now() < end; ) {
    const { state } = await door.ask<{ state: string }>('GET', `/api/plugins/${NAME}`);
    if (state === 'quarantined') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
