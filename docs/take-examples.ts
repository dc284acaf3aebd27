// Makes the events that the catalogue shows happen on a scratch database, and keeps the example of each.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hearEveryEvent } from '#demo/every-event/hear.ts';
import { startApp } from '#app.ts';
import { SHOWN_BESIDE, SPECIFIED_NAMES } from '../test/catalogue/specified-names.ts';
import { examplesOf, keepExamples } from './pages/event-examples.ts';

export async function takeExamples(): Promise<void> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'chartwire-examples-'));
  const token = 'whoever-makes-everything-happen';
  const began = Date.now();
  const shown = [...SPECIFIED_NAMES, ...SHOWN_BESIDE];
  try {
    const { received, missing } = await hearEveryEvent(
      async () => {
        const app = await startApp({ port: 0, host: '127.0.0.1', dataFolder, adminToken: token, demo: false });
        return { url: app.url, token, close: () => app.close() };
      },
      shown,
      { whole: true },
    );
    if (missing.length > 0) throw new Error(`these did not happen: ${missing.join(', ')}`);
    const examples = examplesOf(received, began);
    const unchecked = shown.filter((type) => !examples.has(type));
    if (unchecked.length > 0) throw new Error(`the machine is too busy: no time to check ${unchecked.join(', ')}`);
    keepExamples(examples);
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
}
