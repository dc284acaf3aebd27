// Any sequence of operations on commands and notes, by three users at once and two plugins among them, keeps the
// transition tables, loses no patch, and is told by events that match the versions. `SEED=7 RUNS=100 STEPS=60` explore.

import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { intent } from './attempts.ts';
import { audit } from './audit.ts';
import { readHistory } from './history.ts';
import { play } from './play.ts';
import { openPractice, type Practice } from './practice.ts';

const SEED = Number(process.env.SEED ?? 1);
const RUNS = Number(process.env.RUNS ?? 3);
/** Attempts of each user in a run. */
const STEPS = Number(process.env.STEPS ?? 40);

describe('any sequence of operations by three users and two plugins', () => {
  let practice: Practice;
  before(async () => {
    practice = await openPractice();
  });
  after(() => practice.app.close());

  test(`SEED=${SEED}: tables are kept, no patch is lost, events match versions, refusals have reasons`, async (t) => {
    const script = fc.array(intent, { minLength: STEPS, maxLength: STEPS });
    const told = fc.asyncProperty(script, script, script, async (...scripts) => {
      const played = await play(practice, scripts);
      const history = await readHistory(practice.app, played.patient);
      const refused = played.deeds.filter(({ status }) => status >= 400).length;
      t.diagnostic(
        `${played.deeds.length} attempts, ${refused} refused; ${history.versions.length} versions, ${history.events.length} events`,
      );
      audit(played, history);
    });
    // Three at once never meet twice in the same way, so what fails is told as it was, and not made smaller.
    await fc.assert(told, { seed: SEED, numRuns: RUNS, endOnFailure: true, unbiased: true });
  });
});
