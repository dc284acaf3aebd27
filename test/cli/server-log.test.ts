// What a server writes to its log.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverLog } from '#cli/server-log.ts';

test('a log shows what would move the cursor or turn text around, and means the same as JSON', () => {
  const lines: string[] = [];
  const log = serverLog('info', { write: (line) => void lines.push(line) });
  const reason = '\u001b[2J \u009b31m \u202egnorw \u200b \u2028 \u{e0041} \ud800 é 🙂';
  log.warn({ reason }, `quoted ${reason}`);
  const [line, ...more] = lines;
  assert.equal(more.length, 0);
  assert.doesNotMatch(line!.slice(0, -1), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}]/u);
  assert.equal(line!.at(-1), '\n');
  assert.deepEqual([JSON.parse(line!).reason, JSON.parse(line!).msg], [reason, `quoted ${reason}`]);
});
