// The tutorial keeps its word: what docs/first-plugin.md makes of a new plugin fails where it says so, and then passes.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const TUTORIAL = readFileSync(new URL('../../docs/first-plugin.md', import.meta.url), 'utf8');
const CHARTWIRE = fileURLToPath(new URL('../../packages/server/bin/chartwire.js', import.meta.url));

/** The code block that replaces a file, or is added to it. */
function block(title: string): string {
  const match = new RegExp(`\`\`\`\\w+ title="${title}"\n([^]*?)\`\`\``).exec(TUTORIAL);
  assert.ok(match, `the tutorial has no block for ${title}`);
  return match[1]!;
}

function runTests(folder: string): { failed: number; output: string } {
  // Without this a test runner inside a test file reports to the outer one.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/chartwire/bin/node.js', '--test', '--test-reporter=tap'],
    {
      cwd: folder,
      env,
      encoding: 'utf8',
    },
  );
  const output = stdout + stderr;
  const failed = /^# fail (\d+)$/m.exec(output);
  assert.ok(failed, output);
  return { failed: Number(failed[1]), output };
}

test('docs/first-plugin.md leads from a new plugin over a refused read to a plugin whose tests pass', () => {
  const parent = mkdtempSync(join(tmpdir(), 'chartwire-tutorial-'));
  try {
    const folder = join(parent, 'welcome');
    const made = spawnSync(process.execPath, [CHARTWIRE, 'init', folder], { encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
    assert.equal(runTests(folder).failed, 0);

    writeFileSync(join(folder, 'src/index.ts'), block('src/index.ts'));
    appendFileSync(join(folder, 'test/index.test.ts'), `\n${block('test/index.test.ts')}`);
    const refused = runTests(folder);
    assert.equal(refused.failed, 2);
    const sentence =
      'The plugin may not search Appointment records. Add the scope patient/Appointment.s to the plugin’s chartwire.json.';
    assert.ok(refused.output.includes(sentence) && TUTORIAL.includes(sentence));

    writeFileSync(join(folder, 'chartwire.json'), block('chartwire.json'));
    const mended = runTests(folder);
    assert.equal(mended.failed, 0, mended.output);
  } finally {
    rmSync(parent, { recursive: true });
  }
});
