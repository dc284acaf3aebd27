// A server with its embedded PostgreSQL, killed and starved at any moment: it comes up again, and nothing acknowledged is
// lost, doubled or half there. `npm run test:long -- failure` runs many rounds and prints what they came to.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ECHO, install, PAIR } from './plugins.ts';
import { embeddedOf, endEmbedded, serve } from './servers.ts';
import { type TrialResult, tableOf } from './table.ts';
import { assertSound, IS_LONG, ROUNDS, Trial } from './trial.ts';

/** PostgreSQL's last process may still be leaving. */
const REMOVING = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 } as const;

/** Milliseconds after which no other round begins; the table says how many there were. */
const LONGEST_MS = 15 * 60_000;

const results: TrialResult[] = [];
after(() => console.log(`\n${tableOf(results)}\n`));

test('kill -9 of the server, the runner, PostgreSQL or both, at any moment: nothing acknowledged is lost', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-killed-'));
  const data = join(folder, 'data');
  let server = await serve(data);
  try {
    for (const plugin of [ECHO, PAIR]) await install(server.url, plugin);
    const trial = await Trial.begin({
      name: 'kill -9: server, runner, PostgreSQL, both',
      urls: () => [server.url],
      database: async () => (await embeddedOf(data)).connection,
      // Slow enough for one chart's handlers to follow on a busy machine: rounds are many, not writes.
      ...(IS_LONG && { pauseMs: 200 }),
    });
    const killDatabase = async () => process.kill((await embeddedOf(data)).pid, 'SIGKILL');
    const killServer = async () => {
      await server.kill();
      server = await serve(data);
    };
    const faults = [
      async () => {
        for (const pid of await server.runners()) process.kill(pid, 'SIGKILL');
      },
      async () => void (await killDatabase()),
      killServer,
      async () => {
        await killDatabase();
        await killServer();
      },
    ];
    const end = performance.now() + LONGEST_MS;
    for (let round = 0; round < ROUNDS && performance.now() < end; round++)
      await trial.round(faults[round % faults.length]!);
    const result = await trial.end();
    results.push(result);
    assertSound(result);
    await server.stop();
  } finally {
    await server.kill();
    await endEmbedded(data);
    await rm(folder, REMOVING);
  }
});
