import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { until } from '../support/core.ts';
import { isAlive } from '../support/embedded.ts';
import { chartwire } from './chartwire.ts';
import { keptChartwire } from './kept-chartwire.ts';

const TSC = join(import.meta.dirname, '../../node_modules/.bin/tsc');

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartwire-init-'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('init makes a plugin whose tests pass, whose types hold, and which is valid', async () => {
  const made = await chartwire(['init', 'hello-world'], { cwd: folder });
  assert.equal(made.code, 0, made.stderr);
  const cwd = join(folder, 'hello-world');
  const run = promisify(execFile);
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;

  const { scripts } = JSON.parse(await readFile(join(cwd, 'package.json'), 'utf8'));
  const tested = await run('sh', ['-c', `${scripts.test} --test-reporter=tap`], { cwd, env });
  assert.match(tested.stdout, /^# pass 2$/m);
  assert.match(tested.stdout, /^# fail 0$/m);
  await run(TSC, ['-p', cwd]);
  await run(TSC, ['-p', join(cwd, 'test')]);
  const index = join(cwd, 'src/index.ts');
  const source = await readFile(index, 'utf8');
  await writeFile(index, `${source}\nsetTimeout(() => process.exit(), 1);\n`);
  await assert.rejects(run(TSC, ['-p', cwd]), ({ stdout }: { stdout: string }) => {
    return /setTimeout/.test(stdout) && /process/.test(stdout);
  });
  await writeFile(index, source);

  const valid = await chartwire(['validate', '--json'], { cwd });
  assert.equal(valid.code, 0, valid.stderr);
  const { name, handlers, scopes } = JSON.parse(valid.stdout);
  assert.equal(name, 'hello-world');
  assert.deepEqual(handlers, [{ name: 'WelcomeNewPatient', respondsTo: ['PATIENT_CREATED'] }]);
  assert.deepEqual(scopes, ['patient/Task.c']);
});

test('init takes nothing away: a folder that is not empty stays as it is', async () => {
  await writeFile(join(folder, 'precious'), 'x');
  const refused = await chartwire(['init', folder.toLowerCase() === folder ? folder : '.'], { cwd: folder });
  assert.notEqual(refused.code, 0);
  assert.equal(await readFile(join(folder, 'precious'), 'utf8'), 'x');
  const again = await chartwire(['init', 'hello-world'], { cwd: folder });
  assert.equal(again.code, 1);
  assert.match(again.stderr, /is not empty/);
});

test('init takes only names that a plugin may have', async () => {
  for (const name of ['Hello', '9lives', 'a_b', 'x'.repeat(64)]) {
    assert.equal((await keptChartwire(['init', name], { cwd: folder })).code, 2, name);
  }
});

const INDEX = 'src/index.ts';
for (const [name, file, content, reason] of [
  ['does not compile', INDEX, 'export class X {\n  broken(\n}\n', /src\/index\.ts:3/],
  ['imports what it may not', INDEX, "import fs from 'node:fs';\nexport const x = fs;\n", /node:fs/],
  ['has no handler', INDEX, 'export const nothing = 1;\n', /handler/],
  ['throws when it is loaded', INDEX, "throw new Error('no luck');\n", /no luck/],
  [
    'answers what is no event',
    INDEX,
    "import { BaseProtocol } from 'chartwire/sdk';\nexport class X extends BaseProtocol { static RESPONDS_TO = ['PATIENT_EATEN']; compute() {} }\n",
    /PATIENT_EATEN/,
  ],
  ['has a manifest that is not JSON', 'chartwire.json', '{', /chartwire\.json is not JSON/],
  [
    'has a manifest without a name',
    'chartwire.json',
    '{"version":"1.0.0","description":"","entry":"src/index.ts"}',
    /name/,
  ],
] as const) {
  test(`validate says why a plugin is not valid: it ${name}`, async () => {
    const cwd = await mkdtemp(join(folder, 'invalid-'));
    const path = join(cwd, 'my-plugin');
    await keptChartwire(['init', path]);
    await writeFile(join(path, file), content);
    const refused = await keptChartwire(['validate', path]);
    assert.equal(refused.code, 1, refused.stderr);
    assert.match(refused.stderr, reason);
    assert.doesNotMatch(refused.stderr, /^\s+at .*src\/(cli|plugin-host)/m, 'a sentence, not a stack of ours');
  });
}

test('validate runs the folder’s TypeScript without the person’s variables, for a limited time, or not at all', async () => {
  const path = join(await mkdtemp(join(folder, 'types-')), 'my-plugin');
  await chartwire(['init', path]);
  const typescript = join(path, 'node_modules/typescript');
  await mkdir(join(typescript, 'bin'), { recursive: true });
  await writeFile(join(typescript, 'package.json'), '{"version":"9.8.7"}');
  const compiler = (script: string) => writeFile(join(typescript, 'bin/tsc'), script);
  const env = { CHARTWIRE_TOKEN: 'a-secret', NODE_OPTIONS: '--no-deprecation' };

  await compiler('console.log(JSON.stringify(process.env)); process.exit(2)');
  const told = await chartwire(['validate', path], { env });
  assert.equal(told.code, 1);
  assert.match(
    told.stderr,
    /^Checking types with the folder’s own TypeScript 9\.8\.7 \(node_modules\/typescript\); --no-types/,
  );
  const given = JSON.parse(/^\{.*\}$/m.exec(told.stderr)![0]) as Record<string, string>;
  assert.deepEqual(
    Object.keys(given).filter((name) => name !== 'TMPDIR'),
    [],
  );

  await compiler('');
  const valid = await chartwire(['validate', path, '--json']);
  assert.equal(JSON.parse(valid.stdout).typesChecked, true);

  // The compiler starts another process, as TypeScript does.
  const pid = join(path, 'pid');
  const sleeper = `require('node:fs').writeFileSync(${JSON.stringify(pid)}, String(process.pid)); setTimeout(() => {}, 60_000)`;
  await compiler(`require('node:child_process').execFileSync(process.execPath, ['-e', ${JSON.stringify(sleeper)}])`);
  // A slow machine may stop the compiler before it has started another: then it gets longer.
  for (let seconds = 3; !existsSync(pid); seconds *= 2) {
    const stopped = await chartwire(['validate', path, '--types-seconds', String(seconds)]);
    assert.equal(stopped.code, 1);
    assert.ok(stopped.stderr.includes(`took longer than ${seconds} s and was stopped: `), stopped.stderr);
    assert.match(stopped.stderr, /--types-seconds.*--no-types/);
  }
  const sleeping = Number(await readFile(pid, 'utf8'));
  await until(async () => !isAlive(sleeping));

  const left = await chartwire(['validate', path, '--no-types']);
  assert.equal(left.code, 0, left.stderr);
  assert.match(left.stdout, /Types: not checked \(--no-types\)/);
  assert.equal(left.stderr, '');
});

test('validate names a folder that is no plugin', async () => {
  const refused = await chartwire(['validate', folder]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /There is no chartwire\.json in .*chartwire init/);
});
