import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import pg from 'pg';
import { checkRoom, Room } from '#store/room.ts';

const MB = 1024 * 1024;

test('a disk with little room is named before it is full, and one of another only when it has refused a write', async () => {
  const room = new Room();
  await checkRoom(room, tmpdir());
  await checkRoom(room, '/data', async () => 64 * MB);
  await assert.rejects(
    checkRoom(room, '/data', async () => 63.9 * MB),
    /nearly full \(63 MB left\): make room on it\.$/,
  );
  await checkRoom(room, undefined, async () => 0);

  const full = new pg.DatabaseError('could not extend file', 0, 'error');
  full.code = '53100';
  await assert.rejects(room.watch(Promise.reject(full)), full);
  await assert.rejects(checkRoom(room, undefined), /disk of the database is full/);
  assert.equal(await room.watch(Promise.resolve(7)), 7);
  await checkRoom(room, undefined);
});
