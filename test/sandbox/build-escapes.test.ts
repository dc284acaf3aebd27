// Each folder build-... of escapes/ is a package that tries to get out while it is built, or to take the builder down. Its
// folder says how that may end: a refusal, or a build that holds nothing of what it reached for.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Refusal } from '#kit/errors.ts';
import { type BuiltPlugin, buildPackage } from '#plugin-host/build.ts';
import { writeTar } from '#plugin-host/tar.ts';
import { handler } from './sandbox.ts';

interface Expectation {
  readonly builds?: boolean;
  readonly code?: string;
  readonly reason?: string;
  /** What the build is given; 20 s unless it says less. */
  readonly longestMs?: number;
}

type Files = Readonly<Record<string, string>>;

/** In the name or the content of everything that is out of bounds. */
const SECRET = 'SECRET';
const ESCAPES = join(import.meta.dirname, 'escapes');
const manifest = { name: 'escape', version: '1.0.0', description: 'For a test.', entry: 'src/index.ts' };
const climb = '../'.repeat(20);

const attacks = (await readdir(ESCAPES)).filter((name) => name.startsWith('build-')).toSorted();

function packed(files: Files): Buffer {
  const whole = { 'chartwire.json': JSON.stringify(manifest), ...files };
  return gzipSync(writeTar(Object.entries(whole).map(([path, text]) => ({ path, content: Buffer.from(text) }))));
}

/** Processes that this one started and that have not ended, their children included. */
async function builders(): Promise<string[]> {
  const running: string[] = [];
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    const [command, status] = await Promise.all(
      ['cmdline', 'status'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
    );
    const ours = new RegExp(`^PPid:\\s${process.pid}$`, 'm').test(status!) && !/^State:\sZ/m.test(status!);
    if (ours && command!.includes('--wasm-max-mem-pages')) running.push(pid);
  }
  return running;
}

describe('building', () => {
  let secretFolder: string;

  before(async () => {
    secretFolder = await mkdtemp(join(tmpdir(), 'out-of-bounds-'));
    process.env.OUT_OF_BOUNDS = SECRET;
    await mkdir(join(secretFolder, 'keys'));
    await writeFile(join(secretFolder, 'keys', `${SECRET}.pem`), SECRET);
    await writeFile(join(secretFolder, 'secret.json'), JSON.stringify({ token: SECRET }));
    await writeFile(join(secretFolder, 'not-code.ts'), `token ${SECRET}\n`);
    const map = { version: 3, sources: [`${SECRET}.ts`], sourcesContent: [SECRET], mappings: 'AAAA' };
    await writeFile(join(secretFolder, 'secret.map'), JSON.stringify(map));
  });

  after(() => rm(secretFolder, { recursive: true }));

  for (const attack of attacks) {
    test(`${attack} gets at nothing, and the next builds`, { timeout: 60_000 }, async () => {
      const expected: Expectation = JSON.parse(await readFile(join(ESCAPES, attack, 'expect.json'), 'utf8'));
      const { default: filesOf } = await import(join(ESCAPES, attack, 'package.ts'));
      const upTo = (path: string): string => `${climb}${secretFolder.slice(1)}/${path}`;
      const tgz = packed(filesOf({ climb, secretFolder, upTo, manifest }));
      const before = await readdir(tmpdir());
      const { longestMs = 20_000 } = expected;

      const ended: BuiltPlugin | Refusal = await buildPackage(tgz, { longestMs }).catch((error) => error);

      if (expected.builds) {
        assert.ok(!(ended instanceof Error), String(ended));
        assert.ok(!`${ended.code}${ended.sourceMap}`.includes(SECRET), 'the build holds what is out of bounds');
      } else {
        assert.ok(ended instanceof Refusal, ended instanceof Error ? ended.stack : 'it was built');
        assert.equal(ended.code, expected.code);
        assert.match(ended.message, new RegExp(expected.reason!));
        const told = JSON.stringify([ended.message, ended.faults]);
        assert.ok(!told.includes(SECRET), 'the refusal tells what is out of bounds');
      }
      assert.deepEqual(await builders(), [], 'a process is left');
      const left = (await readdir(tmpdir())).filter(
        (name) => !before.includes(name) && name.startsWith('chartwire-plugin'),
      );
      assert.deepEqual(left, [], 'files are left');
      if (ended instanceof Refusal && ended.code === 'plugin.build-stopped') {
        assert.ok((await buildPackage(packed({ 'src/index.ts': handler('return [];') }))).code.length > 0);
      }
    });
  }
});
