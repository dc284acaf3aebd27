// When the embedded PostgreSQL server is not started, and what the operator is told.

import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '#store/embedded/database.ts';
import {
  assertRefused,
  IS_ROOT,
  inChild,
  newFolder,
  noOrdinaryUser,
  open,
  ordinary,
  query,
  stoppedFolder,
} from '../support/embedded.ts';

test('a second start on the same folder is refused, from this process and from another', async () => {
  const folder = newFolder();
  const database = await open(folder);
  await assertRefused(
    openDatabase({ dataFolder: folder }),
    new RegExp(`in use by another Chartwire \\(process ${process.pid}\\)`),
  );
  const child = inChild(
    `await openDatabase({ dataFolder: ${JSON.stringify(folder)} }).catch((error) => say(error.message));`,
  );
  assert.match(
    String(await child.next()),
    new RegExp(`in use by another Chartwire \\(process ${process.pid}\\): stop that one, or`),
  );
  assert.deepEqual(await query(database, 'SELECT 1 AS n'), [{ n: 1 }]);
  await database.stop();
});

test('of several starts at once on an empty folder one succeeds and the others are refused', async () => {
  const folder = newFolder();
  const script = `await openDatabase({ dataFolder: ${JSON.stringify(folder)} }).then((db) => say('up'), (error) => say(error.message)); setInterval(() => {}, 1000);`;
  const starting = [1, 2, 3].map(() => inChild(script));
  const answers = await Promise.all(starting.map((child) => child.next()));
  assert.deepEqual(
    answers.map((answer) => (answer === 'up' ? 'up' : /in use/.test(String(answer)) ? 'in use' : answer)).sort(),
    ['in use', 'in use', 'up'],
  );
  for (const child of starting) await child.kill();
  await (await open(folder)).stop();
});

test('a folder of a newer layout, of a newer or an older PostgreSQL is refused and left as it was', async () => {
  const folder = await stoppedFolder();
  const marker = join(folder, 'chartwire.json');
  const mine = await readFile(marker, 'utf8');
  await writeFile(marker, '{"layout": 2, "more": true}');
  await assertRefused(openDatabase({ dataFolder: folder }), /newer Chartwire \(layout 2, this one knows 1\)/);
  assert.equal(await readFile(marker, 'utf8'), '{"layout": 2, "more": true}');
  await writeFile(marker, 'no JSON');
  await assertRefused(openDatabase({ dataFolder: folder }), /is not Chartwire's/);
  await writeFile(marker, mine);

  for (const [major, what] of [
    ['19', /written by PostgreSQL 19 .* brings 18: start the newer/],
    ['17', /export it/],
  ] as const) {
    await writeFile(join(folder, 'postgres', 'PG_VERSION'), `${major}\n`);
    await assertRefused(openDatabase({ dataFolder: folder }), what);
  }
  await writeFile(join(folder, 'postgres', 'PG_VERSION'), '18\n');
  await (await open(folder)).stop();
});

test('a folder whose database is missing is refused, and no empty record begins in its place', async () => {
  const folder = await stoppedFolder();
  await rename(join(folder, 'postgres'), join(folder, 'elsewhere'));
  await assertRefused(
    openDatabase({ dataFolder: folder }),
    /its database is missing: restore its folder postgres from/,
  );
  assert.equal((await readdir(folder)).includes('postgres'), false);
  await rename(join(folder, 'elsewhere'), join(folder, 'postgres'));
  await (await open(folder)).stop();
});

test('an ordinary user is refused a folder he cannot write, a file, and the database of another', {
  skip: noOrdinaryUser(),
}, async () => {
  const closed = newFolder();
  await mkdir(closed, { mode: 0o555 });
  await writeFile(join(closed, 'file'), '').catch(() => {}); // root may, and then there is a file to try as well
  const file = fileURLToPath(import.meta.url);
  const folders = [closed, join(closed, 'data'), file];
  if (IS_ROOT) folders.push(await othersFolder());
  const child = inChild(
    `for (const dataFolder of ${JSON.stringify(folders)}) await openDatabase({ dataFolder }).then(() => say('up'), (error) => say(error.message));`,
    ordinary,
  );
  assert.match(
    String(await child.next()),
    /cannot be used, this user may not write there: correct that, or set CHARTWIRE_DATA/,
  );
  assert.match(
    String(await child.next()),
    /cannot be used, this user may not write there: correct that, or set CHARTWIRE_DATA/,
  );
  assert.match(String(await child.next()), /cannot be used, it is not a folder: /);
  if (IS_ROOT)
    assert.match(String(await child.next()), /belongs to the user with id 60999: start Chartwire as that user/);
});

/** A folder that root made its database in and everybody may write. */
async function othersFolder(): Promise<string> {
  const folder = await stoppedFolder();
  for (const name of ['chartwire.json', 'chartwire.lock', 'postgres.password', '.'])
    await chmod(join(folder, name), 0o777);
  return folder;
}
