import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Refusal } from '#kit/errors.ts';
import { packPlugin } from '#plugin-host/package.ts';
import { unpackPlugin } from '#plugin-host/unpack.ts';
import { type TarFile, writeTar } from '#plugin-host/tar.ts';

const folders: string[] = [];
const folder = async (): Promise<string> => {
  const made = await mkdtemp(join(tmpdir(), 'chartwire-package-'));
  folders.push(made);
  return made;
};
after(() => Promise.all(folders.map((made) => rm(made, { recursive: true }))));

const archive = (...files: [path: string, content: string][]): Buffer =>
  gzipSync(writeTar(files.map(([path, content]): TarFile => ({ path, content: Buffer.from(content) }))));

const refuses =
  (reason: RegExp, code = 'plugin.package') =>
  (error: unknown) => {
    assert.ok(error instanceof Refusal, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, reason);
    return true;
  };

const NPM_PACKAGE = 'plugin.npm-package';

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
}

describe('a plugin package', () => {
  test('brings the folder back as it was, long names too, without modules, data and dot files', async () => {
    const from = await folder();
    const long = `src/${'deep/'.repeat(30)}`;
    await mkdir(join(from, long), { recursive: true });
    await mkdir(join(from, 'node_modules/left-out'), { recursive: true });
    await writeFile(join(from, 'chartwire.json'), '{}');
    await writeFile(join(from, long, 'añb.ts'), 'export {};\n');
    await writeFile(join(from, 'node_modules/left-out/index.js'), '');
    await writeFile(join(from, '.env'), 'SECRET=1');
    const files = await unpackPlugin(await packPlugin(from));
    assert.deepEqual([...files.keys()].toSorted(), ['chartwire.json', `${long}añb.ts`]);
    assert.equal(String(files.get(`${long}añb.ts`)), 'export {};\n');
  });

  test('is the same bytes for the same folder', async () => {
    const from = await folder();
    await writeFile(join(from, 'chartwire.json'), '{}');
    const first = await packPlugin(from);
    await writeFile(join(from, 'chartwire.json'), '{}');
    assert.deepEqual(await packPlugin(from), first);
  });

  test('brings its npm packages when it depends on some', async () => {
    const from = await folder();
    await mkdir(join(from, 'node_modules/tiny'), { recursive: true });
    await writeFile(join(from, 'chartwire.json'), '{}');
    await writeFile(join(from, 'package.json'), JSON.stringify({ dependencies: { tiny: '1.0.0' } }));
    await writeFile(join(from, 'node_modules/tiny/index.js'), 'export const tiny = 1;');
    await writeFile(join(from, 'node_modules/tiny/package.json'), JSON.stringify({ dependencies: { below: '1.0.0' } }));
    await mkdir(join(from, 'node_modules/below'));
    await writeFile(join(from, 'node_modules/below/index.js'), 'export const below = 1;');
    await mkdir(join(from, 'node_modules/only-for-development'));
    await writeFile(join(from, 'node_modules/only-for-development/index.js'), '');
    const files = await unpackPlugin(await packPlugin(from));
    assert.equal(String(files.get('node_modules/tiny/index.js')), 'export const tiny = 1;');
    const modules = [...files.keys()].filter((path) => path.startsWith('node_modules/'));
    assert.deepEqual([...new Set(modules.map((path) => path.split('/')[1]))].toSorted(), ['below', 'tiny']);
  });

  test('brings of an npm package with thousands of files those that its code imports, whatever else it gets wrong', async () => {
    const from = await folder();
    await mkdir(join(from, 'node_modules/dates/deep'), { recursive: true });
    await mkdir(join(from, 'src'));
    const write = (path: string, text: string) => writeFile(join(from, path), text);
    await write('chartwire.json', JSON.stringify({ entry: 'src/index.ts' }));
    await write('package.json', JSON.stringify({ dependencies: { '@chartwire/sdk': '1', dates: '1.0.0' } }));
    await write('node_modules/dates/package.json', JSON.stringify({ exports: { './*': './deep/*.js' } }));
    await write('node_modules/dates/deep/add.js', "export { one } from './one.js';");
    await write('node_modules/dates/deep/one.js', "export { one } from '../my_node_modules/one.js';");
    await mkdir(join(from, 'node_modules/dates/my_node_modules'));
    await write('node_modules/dates/my_node_modules/one.js', 'export const one = 1;');
    const others = Array.from({ length: 5_001 }, (_, n) => write(`node_modules/dates/deep/other${n}.d.ts`, ''));
    await Promise.all(others);
    const source = "import 'node:fs'; import 'unnamed'; import 'chartwire/sdk'; import { one } from 'dates/add'; one;";
    await write('src/index.ts', source);
    const modules = async () =>
      [...(await unpackPlugin(await packPlugin(from))).keys()].filter((path) => path.startsWith('node_modules/'));
    assert.deepEqual(
      await modules(),
      ['deep/add.js', 'deep/one.js', 'my_node_modules/one.js', 'package.json'].map(
        (file) => `node_modules/dates/${file}`,
      ),
    );
    await write('src/index.ts', `${source} (`);
    assert.ok((await modules()).length > 0, 'a mistake in the code is for the build to tell');
  });

  test('says which npm package is not installed', async () => {
    const from = await folder();
    await writeFile(join(from, 'chartwire.json'), '{}');
    await writeFile(join(from, 'package.json'), JSON.stringify({ dependencies: { absent: '1.0.0' } }));
    await assert.rejects(packPlugin(from), refuses(/absent is not in node_modules; run npm install/, NPM_PACKAGE));
  });

  test('holds the same, laid out by npm or linked by pnpm: each package finds the version it asks for', async () => {
    const manifests = {
      'chartwire.json': JSON.stringify({ entry: 'index.ts' }),
      'package.json': JSON.stringify({ dependencies: { one: '1.0.0', two: '1.0.0' } }),
      'index.ts': "import one from 'one'; import two from 'two'; export default [one, two];",
    };
    const one = {
      'index.js': "import shared from 'shared'; export default [shared];",
      'package.json': JSON.stringify({ type: 'module', main: 'index.js', dependencies: { shared: '1.0.0' } }),
    };
    // Two and its peer go around in a circle.
    const two = {
      'index.js': "import shared from 'shared'; import '@who/peer'; export default [shared];",
      'package.json': JSON.stringify({
        ...{ type: 'module', main: 'index.js', dependencies: { shared: '2.0.0' } },
        peerDependencies: { '@who/peer': '1', 'not-there': '1' },
      }),
    };
    const peer = {
      'index.js': "import 'two';",
      'package.json': JSON.stringify({ type: 'module', main: 'index.js', dependencies: { two: '1.0.0' } }),
    };
    const shared = (version: number) => ({
      'index.js': `export default ${version};`,
      'package.json': JSON.stringify({ type: 'module', main: 'index.js' }),
    });
    const npm = await folder();
    await writeAll(npm, manifests);
    await writeAll(join(npm, 'node_modules/one'), one);
    await writeAll(join(npm, 'node_modules/two'), two);
    await writeAll(join(npm, 'node_modules/@who/peer'), peer);
    await writeAll(join(npm, 'node_modules/shared'), shared(1));
    await writeAll(join(npm, 'node_modules/two/node_modules/shared'), shared(2));

    const pnpm = await folder();
    await writeAll(pnpm, manifests);
    const store = join(pnpm, 'node_modules/.pnpm');
    const links: [at: string, to: string][] = [
      ['one', '.pnpm/one@1.0.0/node_modules/one'],
      ['two', '.pnpm/two@1.0.0_peer@1.0.0/node_modules/two'],
      ['.pnpm/one@1.0.0/node_modules/shared', '../../shared@1.0.0/node_modules/shared'],
      ['.pnpm/two@1.0.0_peer@1.0.0/node_modules/shared', '../../shared@2.0.0/node_modules/shared'],
      ['.pnpm/two@1.0.0_peer@1.0.0/node_modules/@who/peer', '../../../@who+peer@1.0.0/node_modules/@who/peer'],
      ['.pnpm/@who+peer@1.0.0/node_modules/two', '../../two@1.0.0_peer@1.0.0/node_modules/two'],
    ];
    await writeAll(join(store, 'one@1.0.0/node_modules/one'), one);
    await writeAll(join(store, 'two@1.0.0_peer@1.0.0/node_modules/two'), two);
    await writeAll(join(store, '@who+peer@1.0.0/node_modules/@who/peer'), peer);
    await writeAll(join(store, 'shared@1.0.0/node_modules/shared'), shared(1));
    await writeAll(join(store, 'shared@2.0.0/node_modules/shared'), shared(2));
    for (const [at, to] of links) {
      await mkdir(dirname(join(pnpm, 'node_modules', at)), { recursive: true });
      await symlink(to, join(pnpm, 'node_modules', at));
    }

    const packages = [await packPlugin(npm), await packPlugin(pnpm)];
    assert.deepEqual(
      [...(await unpackPlugin(packages[0]!)).keys()].filter((path) => path.endsWith('.js')),
      ['@who/peer', 'one', 'shared', 'two', 'two/node_modules/shared'].map((name) => `node_modules/${name}/index.js`),
    );
    assert.deepEqual(packages[0], packages[1]);

    // What cannot be told apart by what is imported is packed as a whole.
    for (const root of [npm, pnpm]) await writeFile(join(root, 'index.ts'), '(');
    assert.deepEqual(await packPlugin(npm), await packPlugin(pnpm));
    // A folder that is reached by a link itself.
    const link = join(await folder(), 'link');
    await symlink(pnpm, link);
    assert.deepEqual(await packPlugin(link), await packPlugin(pnpm));
  });

  test('follows no link out of its node_modules', async () => {
    const outside = await folder();
    await writeAll(outside, { 'package.json': '{"main":"index.js"}', 'index.js': 'export default "secret";' });
    for (const [at, to] of [
      ['node_modules/tiny', outside],
      ['node_modules/tiny', '../src'],
      ['node_modules', outside],
    ] as const) {
      const from = await folder();
      await writeAll(join(from, 'src'), { 'package.json': '{}', 'index.ts': "import 'tiny';" });
      await writeAll(from, {
        'chartwire.json': JSON.stringify({ entry: 'src/index.ts' }),
        'package.json': JSON.stringify({ dependencies: { tiny: '1.0.0' } }),
      });
      await mkdir(join(outside, 'tiny'), { recursive: true });
      if (at !== 'node_modules') await mkdir(join(from, 'node_modules'));
      await symlink(to, join(from, at));
      await assert.rejects(packPlugin(from), refuses(/node_modules\/tiny is a link that leads out/, NPM_PACKAGE));
    }
    // A file, or a folder, inside a package of its own.
    const from = await folder();
    await writeAll(from, {
      'chartwire.json': JSON.stringify({ entry: 'index.ts' }),
      'package.json': JSON.stringify({ dependencies: { tiny: '1.0.0' } }),
      'index.ts': "import 'tiny/file.js'; import 'tiny/folder/index.js';",
    });
    await writeAll(join(from, 'node_modules/tiny'), { 'package.json': '{}' });
    await symlink(join(outside, 'index.js'), join(from, 'node_modules/tiny/file.js'));
    await symlink(outside, join(from, 'node_modules/tiny/folder'));
    const packed = await unpackPlugin(await packPlugin(from));
    assert.deepEqual([...packed.keys()], ['chartwire.json', 'index.ts', 'package.json']);
  });

  test('imports what its package.json names, and not what happens to be there', async () => {
    const from = await folder();
    await writeAll(from, {
      'chartwire.json': JSON.stringify({ entry: 'src/index.ts' }),
      'package.json': JSON.stringify({
        dependencies: { named: '1.0.0' },
        devDependencies: { 'for-tests': '1' },
        imports: { '#below': '@who/below' },
      }),
    });
    for (const name of ['named', '@who/below', 'for-tests']) {
      await writeAll(join(from, 'node_modules', name), {
        'package.json': JSON.stringify({
          main: 'index.js',
          dependencies: name === 'named' ? { '@who/below': '1' } : {},
        }),
        'index.js': 'export const is = true;',
      });
    }
    const write = (code: string) => writeAll(join(from, 'src'), { 'index.ts': `import { is } from '${code}'; is;` });
    await write('named');
    await packPlugin(from);
    for (const [specifier, what] of [
      [
        '@who/below/index.js',
        /src\/index\.ts imports @who\/below, which .* does not name .*run npm install @who\/below\./,
      ],
      ['#below', /src\/index\.ts imports @who\/below, which .* does not name .*run npm install @who\/below\./],
      ['for-tests', /for-tests, which .* under devDependencies only; run npm install --save-prod for-tests\./],
    ] as const) {
      await write(specifier);
      await assert.rejects(packPlugin(from), refuses(what, NPM_PACKAGE));
    }
    await writeAll(from, { 'pnpm-lock.yaml': '' });
    await assert.rejects(packPlugin(from), refuses(/run pnpm add --save-prod for-tests/, NPM_PACKAGE));
    await writeAll(from, { 'package.json': '{' });
    await assert.rejects(packPlugin(from), refuses(/package\.json is not JSON/));
  });

  test('is not made of symbolic links', async () => {
    const from = await folder();
    await writeFile(join(from, 'chartwire.json'), '{}');
    await symlink('/etc/passwd', join(from, 'link.ts'));
    await assert.rejects(packPlugin(from), refuses(/link\.ts is a symbolic link/));
  });

  test('below one folder, as tar and npm make it, is taken too', async () => {
    const files = await unpackPlugin(archive(['my-plugin/chartwire.json', '{}'], ['my-plugin/src/index.ts', 'x']));
    assert.deepEqual([...files.keys()].toSorted(), ['chartwire.json', 'src/index.ts']);
  });

  test('made by the tar of the system is taken', async () => {
    const from = await folder();
    const long = `${'long-'.repeat(30)}.ts`;
    await mkdir(join(from, 'plugin/src'), { recursive: true });
    await writeFile(join(from, 'plugin/chartwire.json'), '{}');
    await writeFile(join(from, 'plugin/src', long), 'x');
    for (const format of ['gnu', 'pax']) {
      const tgz = execFileSync('tar', ['-cz', `--format=${format}`, '-C', from, 'plugin'], { maxBuffer: 1e7 });
      assert.ok((await unpackPlugin(tgz)).has(`src/${long}`));
    }
  });

  const paths = ['../outside.ts', '/etc/outside.ts', 'a/../../outside.ts', '..\\outside.ts', 'C:outside.ts', ''];
  for (const path of paths) {
    test(`with the path ${JSON.stringify(path)} is refused`, async () => {
      await assert.rejects(
        unpackPlugin(archive(['chartwire.json', '{}'], [path, 'x'])),
        refuses(/leaves the folder|absolute|not a path|no name of a file/),
      );
    });
  }

  test('with one path twice is refused', async () => {
    await assert.rejects(unpackPlugin(archive(['a.ts', '1'], ['./a.ts', '2'])), refuses(/twice/));
  });

  test('with a file where a folder is needed is refused', async () => {
    await assert.rejects(
      unpackPlugin(archive(['chartwire.json', '{}'], ['a', '1'], ['a/b.ts', '2'])),
      refuses(/as a file and as a folder/),
    );
  });

  test('with folders within folders without end is refused', async () => {
    const deep = `${'d/'.repeat(51)}f.ts`;
    await assert.rejects(unpackPlugin(archive(['chartwire.json', '{}'], [deep, ''])), refuses(/50 folders deep/));
  });

  test('with a link is refused', async () => {
    const tar = writeTar([{ path: 'link.ts', content: Buffer.alloc(0) }]);
    tar.write('2', 156);
    // The checksum must be right for the link to be seen at all: '0' became '2'.
    const sum = Number.parseInt(tar.toString('latin1', 148, 154), 8) + 2;
    tar.write(sum.toString(8).padStart(6, '0'), 148);
    await assert.rejects(unpackPlugin(gzipSync(tar)), refuses(/is a link or a device/));
  });

  test('that is no archive, is damaged, or swells, is refused', async () => {
    await assert.rejects(unpackPlugin(Buffer.from('nonsense')), refuses(/not gzipped/));
    await assert.rejects(unpackPlugin(gzipSync(Buffer.alloc(1024, 'x'))), refuses(/damaged/));
    await assert.rejects(unpackPlugin(archive(['a.ts', 'x'.repeat(5_000)]).subarray(0, 60)), refuses(/not gzipped/));
    await assert.rejects(unpackPlugin(gzipSync(Buffer.alloc(110_000_000))), refuses(/50 MB/));
    const many = Array.from({ length: 5_001 }, (_, n): [string, string] => [`f${n}.ts`, '']);
    await assert.rejects(unpackPlugin(archive(...many)), refuses(/5000 files/));
  });

  test('of a folder without a manifest is not made', async () => {
    await assert.rejects(packPlugin(await folder()), refuses(/no chartwire\.json/));
  });
});
