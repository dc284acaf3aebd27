// What is published, as its users meet it: installed from its .tgz files into an empty folder, with nothing of this
// repository beside it.

import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { isOurs, ROOT } from '../../release/build.ts';
import { packed } from '../../release/pack.ts';
import { until } from '../support/core.ts';

/** As in a shell of one's own: npm's variables and its folder of programs, which has a `node`, are those of `npm test`. */
const ENV = {
  HOME: process.env.HOME,
  PATH: process.env
    .PATH!.split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter),
  npm_config_prefer_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
};

let folder: string;
let plugin: string;

/** What a command wrote to its standard output; rejects, with all it wrote, unless it ends well. */
async function run(cwd: string, command: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd, env: ENV, timeout: 300_000 }).catch((error) => {
    throw new Error(`${command} ${args.join(' ')}: ${error.stdout}${error.stderr}`);
  });
  return stdout;
}

describe('the packages in an empty folder', () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chartwire-empty-'));
    plugin = join(folder, 'my-plugin');
    const files = await packed();
    for (const file of files) await cp(file, join(folder, basename(file)));
    await writeFile(join(folder, 'package.json'), '{"private":true}');
    await run(folder, 'npm', 'install', '--save-dev', ...files.map((file) => `./${basename(file)}`));
    await run(folder, 'npx', 'chartwire', 'init', 'my-plugin');
    // The same files again, which npm finds in their place: they are 400 MB.
    await run(folder, 'cp', '--archive', '--link', 'node_modules', 'my-plugin/');
    await run(plugin, 'npm', 'install');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test('they hold nothing that somebody left in the repository', async () => {
    const left = ['.env', 'data/admin-token', 'node_modules/tiny/index.js'];
    assert.deepEqual(
      left.filter((path) => isOurs(join(ROOT, 'examples/task-webhook', path))),
      [],
    );
    assert.ok(isOurs(join(ROOT, 'examples/task-webhook/src/index.ts')));
    for (const file of await packed()) {
      const names = (await run(folder, 'tar', 'tzf', file)).split('\n');
      assert.ok(names.includes('package/package.json'));
      assert.deepEqual(
        names.filter((name) => !isOurs(join(ROOT, name))),
        [],
      );
    }
  });

  test('init names a broken package.json above the new folder, and makes nothing', async () => {
    const above = join(folder, 'broken');
    await mkdir(above);
    await writeFile(join(above, 'package.json'), '{ "name": ');
    await assert.rejects(
      run(above, 'npx', 'chartwire', 'init', 'other-plugin'),
      /broken\/package\.json, above the new folder, is not JSON \((?!.*\n\s+at )/s,
    );
    assert.deepEqual(await readdir(above), ['package.json']);
  });

  test('a new plugin’s README leads to what is there, and its tests pass', async () => {
    const [, path] = /`(node_modules\/[^`]+\.md)`/.exec(await readFile(join(plugin, 'README.md'), 'utf8'))!;
    assert.match(await readFile(join(plugin, path!), 'utf8'), /^<!-- Generated/);
    assert.match(await run(plugin, 'npm', 'test'), /pass 2\n.*fail 0\n/s);
  });

  test('where the package.json above cannot be read, no plugin is made, and the file is named', async () => {
    const manifest = join(folder, 'package.json');
    const before = await readFile(manifest, 'utf8');
    await writeFile(manifest, '{ "name": ');
    const refused = run(folder, 'node', 'node_modules/chartwire/bin/chartwire.js', 'init', 'another');
    await assert.rejects(refused, ({ message }: Error) => message.includes(manifest) && !message.includes('    at '));
    await writeFile(manifest, before);
    assert.ok(!existsSync(join(folder, 'another')));
  });

  test('its types hold, however modules are looked up', async () => {
    for (const project of ['.', 'test']) {
      const args = ['tsc', '--noEmit', '--project', project];
      await run(plugin, 'npx', ...args);
      await run(plugin, 'npx', ...args, '--module', 'esnext', '--moduleResolution', 'bundler');
    }
    await writeFile(
      join(plugin, 'src/wrong.ts'),
      "import { createTask } from 'chartwire/sdk';\ncreateTask({ title: 1 });\n",
    );
    await assert.rejects(run(plugin, 'npx', 'chartwire', 'validate'), /wrong\.ts\(2,14\): error TS2322/);
    await rm(join(plugin, 'src/wrong.ts'));
  });

  test('it is valid, whichever Node.js starts the command', async () => {
    for (const node of ['node', process.execPath]) {
      const said = await run(plugin, node, 'node_modules/chartwire/bin/chartwire.js', 'validate');
      assert.match(said, /^my-plugin 0\.1\.0 is valid\.\n.*Types: they hold/s);
    }
  });

  test('a server starts, takes the plugin, shows the chart, and ends with the npx that started it', async (t) => {
    const server = spawn('npx', ['chartwire', 'serve', '--port', '0'], { cwd: folder, env: ENV });
    t.after(() => server.kill('SIGKILL'));
    const url = await urlOf(server);
    const closed = once(server, 'close');
    const token = join(folder, 'data');
    assert.match(
      await run(plugin, 'npx', 'chartwire', '--server', url, '--data', token, 'install'),
      /my-plugin 0\.1\.0 is live and answers PATIENT_CREATED/,
    );
    assert.match(await run(plugin, 'npx', 'chartwire', '--server', url, '--data', token, 'list'), /abnormal-lab-task/);
    assert.match(await (await fetch(url)).text(), /<script type="module"/);
    assert.match(await (await fetch(`${url}/docs/`)).text(), /<h1[^>]*>Chartwire documentation<\/h1>/);
    const postgres = Number((await readFile(join(folder, 'data/postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
    assert.ok(isAlive(postgres));
    server.kill('SIGTERM');
    await closed;
    await until(async () => !isAlive(postgres));
  });

  test('the SDK is small, and of it a plugin carries what it uses', async () => {
    const all = await sizeOf("export * from '@chartwire/sdk';");
    assert.ok(all < 40_000, `${all} bytes`);
    const some = await sizeOf("import { createTask } from '@chartwire/sdk'; console.log(createTask({ title: 'x' }));");
    assert.ok(some < all / 4, `${some} of ${all} bytes`);
  });
});

async function urlOf(server: ChildProcess): Promise<string> {
  let said = '';
  for await (const chunk of server.stdout!) {
    said += chunk;
    if (said.includes('Ctrl-C stops it.')) break;
  }
  const url = /Chartwire is at (http:\S+)/.exec(said)?.[1];
  assert.ok(url, said);
  return url;
}

async function sizeOf(contents: string): Promise<number> {
  const stdin = { contents, resolveDir: folder };
  const { outputFiles } = await build({ stdin, bundle: true, write: false, format: 'esm', logLevel: 'silent' });
  return outputFiles[0]!.contents.length;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
