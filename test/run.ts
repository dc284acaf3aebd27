// `npm test`: runs every test file against one embedded PostgreSQL. `npm test -- store fhir/search` runs only the files
// whose path contains one of the words.

import { globSync } from 'node:fs';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { planned } from './support/plan.ts';
import { SHARED_SERVER, startTestServer } from './support/server.ts';

const CONCURRENT_FILES = 3;

const words = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const files = globSync(['test/**/*.test.ts', 'examples/**/*.test.ts'], {
  exclude: (path) => path.includes('node_modules'),
}).filter((file) => words.length === 0 || words.some((word) => file.includes(word)));

// Every file and every server that one starts reads the same sources: compiled once, they are there in half the time.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/chartwire-tests', import.meta.url));
const server = await startTestServer();
process.env[SHARED_SERVER] = JSON.stringify(server.connection);
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

let failed = false;
let executed = 0;
const plan = await planned(files);
const results = run({ files: plan.files, concurrency: CONCURRENT_FILES, signal: interrupted.signal })
  .on('test:fail', (test) => {
    failed ||= test.todo === undefined && test.skip === undefined;
  })
  .on('test:pass', (test) => {
    if (test.skip === undefined && test.details.type !== 'suite') executed++;
  });
try {
  for await (const text of results.compose(new spec())) process.stdout.write(text);
} finally {
  await plan.remove();
  await server.stop();
}

if (executed === 0) console.error(`No test was executed${words.length > 0 ? ` for: ${words.join(', ')}` : ''}.`);
process.exitCode = failed || executed === 0 || interrupted.signal.aborted ? 1 : 0;
