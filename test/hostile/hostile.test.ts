// Every route of the table and every FHIR interaction, asked by several callers with values that servers fall over. Any
// answer will do but a fault of the server; an error has the form of its door, and none tells of the inside.
//
// A failure names the seed: HOSTILE_SEED=7 HOSTILE_SECONDS=60 node packages/server/bin/node.js --test test/hostile/hostile.test.ts

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { COMMANDS } from '#commands/index.ts';
import { routesFor } from '#server/routes.ts';
import { ADMIN, type RunningApp, runApp } from '../server/running-app.ts';
import { apiRequest } from './api.ts';
import { fhirRequest } from './fhir.ts';
import { type Random, randomFrom } from './random.ts';
import { ask, type Sent } from './request.ts';
import { faultOf } from './verdict.ts';
import { furnish, type Known } from './world.ts';

const SEED = Number(process.env.HOSTILE_SEED ?? 1);
const SECONDS = Number(process.env.HOSTILE_SECONDS ?? 12);
/** Different requests that fail are shown up to so many. */
const SHOWN = 10;

const ROUTES = routesFor({ commands: COMMANDS });

describe(`hostile input, seed ${SEED}`, () => {
  let app: RunningApp;
  let known: Known;
  let callers: (string | null)[];
  before(async () => {
    app = await runApp();
    known = await furnish(app);
    callers = [
      null,
      'x',
      await app.tokenFor(['patient/*.cruds'], known.behind.charts![0]),
      await app.tokenFor(['user/*.rs']),
    ];
  });
  after(() => app.close());

  function requestFrom(random: Random): Sent {
    const sent = random.once(2) ? fhirRequest(random, known) : apiRequest(random, ROUTES, known);
    const caller = random.once(8) ? random.pick(callers) : ADMIN;
    return { ...sent, headers: { ...(caller !== null && { authorization: `Bearer ${caller}` }), ...sent.headers } };
  }

  test('is answered, whatever it is', async (t) => {
    const random = randomFrom(SEED);
    const end = Date.now() + SECONDS * 1_000;
    const faults = new Map<string, string>();
    let count = 0;
    for (; Date.now() < end && faults.size < SHOWN; count++) {
      const sent = requestFrom(random);
      const fault = faultOf(sent, await ask(app.url, sent));
      if (fault !== undefined && !faults.has(fault)) faults.set(fault, `${fault}, at request ${count}: ${shown(sent)}`);
    }
    t.diagnostic(`${count} requests in ${SECONDS} s with the seed ${SEED}`);
    assert.deepEqual([...faults.values()], []);
    assert.ok(count > 50, `only ${count} requests were made`);
  });

  test('leaves no warning and no error in the log', () => {
    const lines = app.logged().trimEnd().split('\n');
    assert.deepEqual(lines.filter((line) => /"level":(40|50|60)/.test(line)).slice(0, SHOWN), []);
  });
});

function shown({ method, path, headers, body }: Sent): string {
  const { authorization: _, ...others } = headers ?? {};
  return `${method} ${path.slice(0, 1_000)} ${JSON.stringify(others)} ${String(body ?? '').slice(0, 1_500)}`;
}
