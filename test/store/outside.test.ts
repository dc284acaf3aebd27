// DATABASE_URL: a PostgreSQL server of the operator's own.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { openDatabase } from '#store/embedded/database.ts';
import { assertRefused, newFolder, open, query, stoppedFolder } from '../support/embedded.ts';

test("DATABASE_URL: the operator's own server is used and left running", async () => {
  const embedded = await open(await stoppedFolder());
  const { host, user, password } = embedded.connection;
  const url = (change: { database?: string; password?: string }) =>
    `postgres://${user}:${change.password ?? password}@/${change.database ?? 'chartwire'}?host=${encodeURIComponent(host!)}`;
  const outside = await openDatabase({ dataFolder: newFolder(), databaseUrl: url({}) });
  assert.equal(outside.embedded, false);
  assert.equal(outside.version, embedded.version);
  assert.deepEqual(await query(outside, 'SELECT 1 AS n'), [{ n: 1 }]);
  await outside.stop();
  assert.deepEqual(await query(embedded, 'SELECT 1 AS n'), [{ n: 1 }]);

  const refused = (databaseUrl: string, what: RegExp) =>
    assertRefused(openDatabase({ dataFolder: newFolder(), databaseUrl }), what);
  await refused(url({ password: 'hunter2' }), /^(?!.*hunter2).*refuses the user or the password/);
  await refused(url({ database: 'nowhere' }), /no such database/);
  await refused(
    'postgres://user:hunter2@127.0.0.1:1/chart',
    /^(?!.*hunter2).*at 127\.0\.0\.1:1\/chart cannot be used: nothing answers/,
  );
  await refused('mysql://user:hunter2@127.0.0.1/chart', /^(?!.*hunter2).*not a PostgreSQL address/);
  await embedded.stop();
});

test('DATABASE_URL: a server older than PostgreSQL 15, a standby or another encoding is refused', async () => {
  const answers: [string[], RegExp][] = [
    [['140011', '14.11', 'UTF8', 'f'], /is PostgreSQL 14\.11 and Chartwire needs 15 or newer/],
    [['160002', '16.2', 'LATIN1', 'f'], /encoded in LATIN1/],
    [['160002', '16.2', 'UTF8', 't'], /is a standby/],
  ];
  for (const [values, what] of answers) {
    const server = createServer((socket) => speakPostgres(socket, values)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await assertRefused(
      openDatabase({ dataFolder: newFolder(), databaseUrl: `postgres://u:p@127.0.0.1:${port}/d` }),
      what,
    );
    server.close();
  }
});

/** Enough of the wire protocol (version 3) to let anybody in and to answer each query with one row. */
function speakPostgres(socket: NodeJS.ReadWriteStream, values: string[]): void {
  const message = (type: string, ...parts: Buffer[]): Buffer => {
    const body = Buffer.concat(parts);
    return Buffer.concat([Buffer.from(type), int(4, body.length + 4), body]);
  };
  const int = (bytes: 2 | 4, value: number): Buffer => {
    const buffer = Buffer.alloc(bytes);
    buffer.writeIntBE(value, 0, bytes);
    return buffer;
  };
  const ready = message('Z', Buffer.from('I'));
  const types = [23, 25, 25, 16]; // int4, text, text, bool
  const columns = ['number', 'version', 'encoding', 'standby'].map((name, i) =>
    Buffer.concat([
      Buffer.from(`${name}\0`),
      int(4, 0),
      int(2, 0),
      int(4, types[i]!),
      int(2, -1),
      int(4, -1),
      int(2, 0),
    ]),
  );
  socket.once('data', () => {
    socket.write(Buffer.concat([message('R', int(4, 0)), ready]));
    socket.on('data', (data: Buffer) => {
      if (data[0] !== 'Q'.charCodeAt(0)) return;
      const row = values.map((value) => Buffer.concat([int(4, value.length), Buffer.from(value)]));
      socket.write(
        Buffer.concat([
          message('T', int(2, 4), ...columns),
          message('D', int(2, 4), ...row),
          message('C', Buffer.from('SELECT 1\0')),
          ready,
        ]),
      );
    });
  });
  socket.on('error', () => {});
}
