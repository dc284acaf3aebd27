// bin/: scripts run under the pinned Node.js, and the launcher in front of them is not to be noticed.

import assert from 'node:assert/strict';
import { type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../support/core.ts';

const BIN = fileURLToPath(new URL('../../packages/server/bin', import.meta.url));

/** Runs `script` through bin/node.js and waits until it says something. */
async function launch(t: TestContext, script: string, options: SpawnOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-launcher-'));
  const file = join(folder, 'script.ts');
  await writeFile(file, script);
  const launcher = spawn(process.execPath, [join(BIN, 'node.js'), file, 'one', '--two'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options,
  });
  t.after(async () => {
    launcher.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });
  const exited = once(launcher, 'exit');
  const said = JSON.parse(String((await once(launcher.stdout!, 'data'))[0]));
  return { launcher, exited, said, folder };
}

test('a script gets its arguments and a Node.js of 24.2 or newer, and its exit code is the launcher’s', async (t) => {
  const { said, exited } = await launch(
    t,
    'const found: string = process.version; console.log(JSON.stringify([found, process.argv.slice(2)])); process.exit(7);',
  );
  assert.match(said[0], /^v(24\.([2-9]|\d\d)|2[5-9])\./);
  assert.deepEqual(said[1], ['one', '--two']);
  assert.deepEqual(await exited, [7, null]);
});

const WAITS = `
  import { writeFileSync } from 'node:fs';
  const wait = setInterval(() => {}, 1000);
  const heard: string[] = [];
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      heard.push(signal);
      setTimeout(() => { writeFileSync(new URL('heard', import.meta.url), heard.join()); process.exit(3); }, 200);
    });
  }
  console.log(process.pid);`;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} reaches the script once, which ends in its own time and with its own exit code`, async (t) => {
    const { launcher, exited, folder } = await launch(t, WAITS);
    launcher.kill(signal);
    assert.deepEqual(await exited, [3, null]);
    assert.equal(spawnSync('cat', [join(folder, 'heard')], { encoding: 'utf8' }).stdout, signal);
  });
}

test('a launcher that is killed outright takes the script with it, in order', async (t) => {
  const { launcher, folder, said } = await launch(t, WAITS);
  launcher.kill('SIGKILL');
  const heard = () => readFile(join(folder, 'heard'), 'utf8').catch(() => '');
  // The file is there before what is written into it.
  await until(async () => (await heard()) !== '');
  assert.equal(await heard(), 'SIGTERM');
  await until(async () => !isAlive(said));
});

test('a script that ends by a signal ends the launcher by the same', async (t) => {
  const { exited } = await launch(t, 'console.log(1); setInterval(() => process.kill(process.pid, "SIGKILL"), 50);');
  assert.deepEqual(await exited, [null, 'SIGKILL']);
});

test('the lifeline keeps no finished script alive', async (t) => {
  const { exited } = await launch(t, 'console.log(1);');
  assert.deepEqual(await exited, [0, null]);
});

test('without the pinned Node.js a recent one will do, and an old one is told what is needed', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-launcher-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await cp(BIN, join(folder, 'bin'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"type": "module"}');
  await writeFile(join(folder, 'script.js'), 'console.log(process.execPath)');
  const args = [join(folder, 'bin/node.js'), join(folder, 'script.js')];
  const recent = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.deepEqual([recent.status, recent.stdout.trim()], [0, process.execPath]);

  // This very Node.js, said to be an old one.
  await writeFile(join(folder, 'old.cjs'), `Object.defineProperty(process.versions, 'node', { value: '20.19.0' });`);
  const old = spawnSync(process.execPath, ['--require', join(folder, 'old.cjs'), ...args], { encoding: 'utf8' });
  assert.deepEqual([old.status, old.stdout], [1, '']);
  assert.match(old.stderr, /^Chartwire needs Node\.js 24\.2 or newer and this is 20\.19\.0: install .*\.\n$/);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
