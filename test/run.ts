// `npm test`: runs every test file against one embedded PostgreSQL. `npm test -- store fhir/search` runs only the files
// whose path contains one of the words; `--rounds 20` runs them 20 times and names at the end what failed in some rounds.

import { globSync } from 'node:fs';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Plan, planned } from './support/plan.ts';
import { flaky, type Round } from './support/rounds.ts';
import { SHARED_SERVER, startTestServer } from './support/server.ts';

/** For two cores: a file waits for its server, its plugins or its browser more than half of its time. */
const CONCURRENT_FILES = 6;

const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '1' } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds takes a number from 1, not ${values.rounds}.`);
const files = globSync(['test/**/*.test.ts', 'examples/**/*.test.ts'], {
  exclude: (path) => path.includes('node_modules'),
}).filter((file) => words.length === 0 || words.some((word) => file.includes(word)));

// Every file and every server that one starts reads the same sources: compiled once, they are there in half the time.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/chartwire-tests', import.meta.url));
const server = await startTestServer();
process.env[SHARED_SERVER] = JSON.stringify(server.connection);
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

/** Runs the files once; resolves with what became of them. */
async function round(plan: Plan): Promise<Round> {
  const failed: string[] = [];
  let passed = true;
  let executed = 0;
  const results = run({ files: plan.files, concurrency: CONCURRENT_FILES, signal: interrupted.signal })
    .on('test:fail', ({ name, file = '', todo, skip, details }) => {
      if (todo !== undefined || skip !== undefined) return;
      passed = false;
      // A suite fails with its tests, which are named themselves.
      const { failureType } = (details.error ?? {}) as { failureType?: string };
      if (failureType !== 'subtestsFailed') failed.push(`${file}: ${name}`);
    })
    .on('test:pass', (test) => {
      if (test.skip === undefined && test.details.type !== 'suite') executed++;
    });
  for await (const text of results.compose(new spec())) process.stdout.write(text);
  return { failed, passed, executed };
}

const done: Round[] = [];
const plan = await planned(files);
try {
  while (done.length < rounds && !interrupted.signal.aborted) done.push(await round(plan));
} finally {
  await plan.remove();
  await server.stop();
}

if (rounds > 1) console.log(flaky(done));
const nothing = done.every(({ executed }) => executed === 0);
if (nothing) console.error(`No test was executed${words.length > 0 ? ` for: ${words.join(', ')}` : ''}.`);
const passed = done.every((one) => one.passed);
process.exitCode = !passed || nothing || interrupted.signal.aborted ? 1 : 0;
