import assert from 'node:assert/strict';
import { readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Refusal } from '#kit/errors.ts';
import { buildPlugin } from '#plugin-host/build.ts';
import { StackMapper } from '#plugin-host/stack.ts';
import { folderOf, handler, manifestOf, Sandbox } from './sandbox.ts';

async function faultsOf(folder: string): Promise<string[]> {
  try {
    await buildPlugin(folder);
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    assert.equal(error.code, 'plugin.build');
    return error.faults.map(({ path, message }) => `${path} ${message}`);
  }
  return [];
}

const plugin = (files: Record<string, string>): Promise<string> =>
  folderOf({ 'chartwire.json': manifestOf('built'), ...files });

describe('building a plugin', () => {
  test('makes one script of its files, its npm packages and the SDK, and writes nothing', async () => {
    const folder = await plugin({
      'src/index.ts': `import { one } from './one.ts'; import { two } from 'two'; import { three } from './three';\n${handler('return [{ type: String(one + two + three), payload: {} }];')}`,
      'src/one.ts': 'export const one: number = 1;',
      'src/three.ts': 'export const three = 3;',
      'package.json': '{"dependencies":{"two":"1.0.0"}}',
      'node_modules/two/package.json': '{"name":"two","main":"lib.cjs"}',
      'node_modules/two/lib.cjs': 'module.exports.two = 2;',
    });
    const before = await readdir(folder, { recursive: true });
    const build = await buildPlugin(folder);
    assert.deepEqual(await readdir(folder, { recursive: true }), before);
    assert.match(build.digest, /^[0-9a-f]{64}$/);
    assert.equal((await buildPlugin(folder)).digest, build.digest);
    const sandbox = await Sandbox.start();
    await sandbox.host.load(build);
    assert.deepEqual((await sandbox.call('built')).effects, [{ type: '6', payload: {} }]);
  });

  test('names sources as the author knows them, and no place of this machine', async () => {
    const folder = await plugin({ 'src/index.ts': handler('return [];') });
    const { sourceMap, code } = await buildPlugin(folder);
    const { sources } = JSON.parse(sourceMap) as { sources: string[] };
    assert.ok(sources.includes('src/index.ts'));
    assert.deepEqual(
      sources.filter((source) => source !== 'src/index.ts' && !source.startsWith('chartwire/sdk/')),
      [],
    );
    assert.ok(!code.includes(folder) && !sourceMap.includes(folder));
  });

  for (const name of ['node:fs', 'fs', 'node:child_process', 'net']) {
    test(`refuses to import ${name} and names the line`, async () => {
      const folder = await plugin({ 'src/index.ts': `\nimport * as it from '${name}';\n${handler('return it;')}` });
      const [fault] = await faultsOf(folder);
      assert.match(String(fault), /^src\/index\.ts:2:21 .*a part of Node, which a plugin does not have/);
    });
  }

  test('refuses a package that is not in the plugin’s own node_modules, also when one above has it', async () => {
    const above = await folderOf({
      'node_modules/above/index.js': 'export const it = 1;',
      'plugin/chartwire.json': manifestOf('below'),
      'plugin/src/index.ts': `import { it } from 'above';\nimport { not } from 'isolated-vm';\n${handler('return [it, not];')}`,
    });
    const faults = await faultsOf(join(above, 'plugin'));
    assert.match(String(faults[0]), /^src\/index\.ts:1:20 Could not resolve "above"; an npm package is found when/);
    assert.match(String(faults[1]), /^src\/index\.ts:2:21 Could not resolve "isolated-vm"/);
  });

  test('refuses an import that leaves the folder, and names each', async () => {
    const written = [
      '../../outside.ts',
      '/etc/hosts.json',
      'file:///etc/hosts',
      'data:text/javascript,1',
      'C:\\\\x.js',
    ];
    const imports = written.map((path, index) => `import x${index} from '${path}';`);
    const used = written.map((_, index) => `x${index}`);
    const folder = await plugin({ 'src/index.ts': `${imports.join('\n')}\n${handler(`return [${used}];`)}` });
    const faults = await faultsOf(folder);
    assert.deepEqual(
      faults.map((fault) => /^src\/index\.ts:(\d):\d+ .* is outside the plugin’s folder/.exec(fault)?.[1]).toSorted(),
      ['1', '2', '3', '4', '5'],
    );
  });

  test('takes no symbolic link, neither as a file nor as a folder', async () => {
    const outside = await folderOf({ 'index.ts': handler('return [];') });
    for (const [target, path] of [
      [join(outside, 'index.ts'), 'src/index.ts'],
      [outside, 'linked'],
    ] as const) {
      const folder = await plugin({ 'src/one.ts': '' });
      await symlink(target, join(folder, path));
      await assert.rejects(buildPlugin(folder), { code: 'plugin.package', message: /is a symbolic link/ });
    }
  });

  test('reads json and text, and says which files it does not', async () => {
    const folder = await plugin({
      'src/index.ts': `import data from './data.json' with { type: 'json' };\nimport text from './text.txt';\n${handler('return [{ type: data.a + text, payload: {} }];')}`,
      'src/data.json': '{"a":"json and "}',
      'src/text.txt': 'text',
    });
    const sandbox = await Sandbox.start();
    await sandbox.host.load(await buildPlugin(folder));
    assert.deepEqual((await sandbox.call('built')).effects, [{ type: 'json and text', payload: {} }]);
    await writeFile(join(folder, 'src/a.css'), '');
    await writeFile(join(folder, 'src/index.ts'), "import './a.css';\nimport { x } from './b.ts';");
    assert.match(
      String(await faultsOf(folder)),
      /^src\/index\.ts:1:8 .*; a plugin imports TypeScript, JavaScript, JSON/,
    );
  });

  test('takes no source in another encoding: its letters would be others', async () => {
    const folder = await plugin({ 'src/index.ts': handler("return ['caf\u00e9'];") });
    await writeFile(join(folder, 'src/index.ts'), Buffer.from(handler("return ['caf\u00e9'];"), 'latin1'));
    const [fault] = await faultsOf(folder);
    assert.match(String(fault), /^src\/index\.ts byte \d+ of line \d+ \(0xE9\) is not UTF-8: convert it/);
    await writeFile(join(folder, 'chartwire.json'), Buffer.from(`\ufeff${manifestOf('built')}`, 'utf16le'));
    await assert.rejects(buildPlugin(folder), /chartwire\.json isn’t valid: it is UTF-16LE, not UTF-8/);
  });

  test('reads no tsconfig.json, neither of the folder nor above it', async () => {
    const above = await folderOf({
      'tsconfig.json': JSON.stringify({ compilerOptions: { paths: { 'chartwire/sdk': ['./evil.ts'] } } }),
      'evil.ts': 'export class BaseProtocol {}; export const EventType = {}; export class CronTask {}',
      'plugin/tsconfig.json': '{ not even JSON',
      'plugin/chartwire.json': manifestOf('below'),
      'plugin/src/index.ts': handler('return [];'),
    });
    const { sourceMap } = await buildPlugin(join(above, 'plugin'));
    assert.ok(!sourceMap.includes('evil'));
  });

  test('takes the SDK by either of its names', async () => {
    const source = handler('return [];').replace("'chartwire/sdk'", "'@chartwire/sdk'");
    assert.ok(source.includes("'@chartwire/sdk'"));
    assert.ok(
      (await buildPlugin(await plugin({ 'src/index.ts': source }))).sourceMap.includes('chartwire/sdk/handler.ts'),
    );
  });

  test('says what is wrong with the code, and where', async () => {
    const folder = await plugin({ 'src/index.ts': 'export class {\n', 'src/other.ts': '' });
    assert.match(String(await faultsOf(folder)), /^src\/index\.ts:1:\d+ Expected identifier/);
    await writeFile(join(folder, 'src/index.ts'), "import { absent } from './other.ts';\nexport const it = absent;");
    assert.match(String(await faultsOf(folder)), /^src\/index\.ts:1:10 Import "absent" will always be undefined/);
    await writeFile(join(folder, 'src/index.ts'), "import 'chartwire/testing';");
    assert.match(String(await faultsOf(folder)), /for tests; a handler cannot import it/);
  });

  test('refuses a folder without a manifest, and a manifest whose entry is not there', async () => {
    await assert.rejects(buildPlugin(await folderOf({})), { code: 'plugin.package' });
    await assert.rejects(buildPlugin(await folderOf({ 'chartwire.json': '{' })), { code: 'plugin.manifest' });
    await assert.rejects(buildPlugin(await plugin({})), { code: 'plugin.build' });
  });
});

describe('a stack trace', () => {
  test('names file, line and column as the author wrote them', async () => {
    const folder = await plugin({
      'src/index.ts': `import { fail } from './deep/fail.ts';\n${handler('\n\n    await null;\n    fail({ kind: 1 });')}`,
      'src/deep/fail.ts':
        'interface Removed { kind: number }\n\nexport function fail(it: Removed): never {\n  throw new RangeError("kind " + it.kind);\n}\n',
    });
    const sandbox = await Sandbox.start();
    await sandbox.host.load(await buildPlugin(folder));
    const { error } = await sandbox.call('built');
    assert.equal(error?.code, 'handler.threw');
    assert.equal(error?.message, 'The handler threw RangeError: kind 1.');
    const [first, second, third] = String(error?.stack).split('\n');
    assert.equal(first, 'RangeError: kind 1');
    assert.match(String(second), /at fail \(src\/deep\/fail\.ts:4:9\)/);
    assert.match(String(third), /src\/index\.ts:8:5/);
    assert.ok(!String(error?.stack).includes('chartwire-loader'));
  });

  test('keeps positions that are in no source', () => {
    const mapper = new StackMapper('{"version":3,"sources":[],"names":[],"mappings":""}');
    assert.equal(mapper.map('Error: x\n    at plugin.js:3:4'), 'Error: x\n    at plugin.js:3:4');
  });
});
