// Code systems by HTTP and by the command line.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { Compile } from 'typebox/compile';
import { TERMS } from '#contract/terms.ts';
import type { Problem } from '#contract/problem.ts';
import type { ImportReport } from '#terms/import.ts';
import { chartwire } from '../cli/chartwire.ts';
import { ADMIN, type RunningApp, runApp } from '../server/running-app.ts';

const COLOURS = 'https://example.org/colours';

describe('the doors of code systems', () => {
  let app: RunningApp;
  let folder: string;
  before(async () => {
    app = await runApp();
    folder = await mkdtemp(join(tmpdir(), 'chartwire-terms-'));
  });
  after(async () => {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  });

  const put = (query: string, body: string | Buffer, token: string = ADMIN) =>
    fetch(`${app.url}/api/terms?${query}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
      body: new Uint8Array(Buffer.from(body)),
    });

  const assertShape = (operation: string, json: unknown): void => {
    const { answer } = Object.values(TERMS).find((row) => row.operation === operation)!;
    assert.deepEqual(Compile(answer.schema!).Errors(json), []);
  };

  test('a file that is sent is here, listed and searched by any token', async () => {
    const sent = await put(`system=${COLOURS}&edition=1`, gzipSync('red\tRed\nblue\tBlue\nx\t\n'.repeat(1)));
    assert.equal(sent.status, 200);
    const report = (await sent.json()) as ImportReport;
    assertShape('terms.import', report);
    assert.equal(report.rows, 2);
    assert.deepEqual(report.faults, [{ line: 3, reason: 'it has no text' }]);

    const token = await app.tokenFor(['patient/Observation.r']);
    const list = await app.ask('GET', '/api/terms', { token });
    assertShape('terms.list', list.json);
    const { edition, rows, name } = list.json.items.find((item: { system: string }) => item.system === COLOURS);
    assert.deepEqual([edition, rows, name], ['1', 2, null]);
    const search = await app.ask('GET', `/api/terms/search?system=${COLOURS}&query=bl`, { token });
    assertShape('terms.search', search.json);
    assert.deepEqual(search.json.items, [{ system: COLOURS, code: 'blue', display: 'Blue', flags: [], fits: true }]);
  });

  test('only the administrator may import', async () => {
    const token = await app.tokenFor(['system/*.cruds']);
    assert.equal((await put(`system=${COLOURS}`, 'x\tX', token)).status, 403);
  });

  test('a wrong file is answered with a problem, after all of it was sent', async () => {
    const large = `${'not a term at all\n'.repeat(500_000)}`;
    const answer = await put('system=icd10cm', `code\tdisplay\n${large}`);
    assert.equal(answer.status, 422);
    const problem = (await answer.json()) as Problem;
    assert.equal(problem.code, 'terms.file');
    assert.match(problem.detail, /its first 50 lines/);
    assert.equal(problem.faults?.[0]?.path, 'line 2');
    // The connection is as good as before.
    assert.equal((await app.ask('GET', '/api/terms')).status, 200);
  });

  test('parameters that make no sense are refused before the file is read', async () => {
    assert.equal((await put('system=icd10cm&format=word', 'x\tX')).status, 422);
    assert.equal((await put('', 'x\tX')).status, 422);
    assert.equal((await put('system=nothing', 'x\tX')).status, 404);
    assert.equal((await app.ask('GET', '/api/terms/search?system=icd10cm&limit=1000')).status, 422);
    assert.equal((await app.ask('GET', '/api/terms/search?system=icd10cm&has=nice')).status, 422);
  });

  const run = (...args: string[]) => chartwire([...args, '--server', app.url, '--token', ADMIN]);

  test('chartwire terms imports, lists and searches', async () => {
    const file = join(folder, 'shades.tsv.br');
    await writeFile(file, brotliCompressSync('code\tdisplay\nr1\tRuby red\nr2\tRose red\nbad line\n'));
    const imported = await run('terms', 'import', file, '--system', COLOURS);
    assert.equal(imported.code, 0, imported.stderr);
    assert.match(
      imported.stdout,
      /^2 terms of https:\/\/example.org\/colours, edition shades.tsv, are here now \(read as table\)/,
    );
    assert.match(imported.stderr, /1 line was left out:\n {2}line 4: it has no text/);

    const listed = await run('terms', 'list');
    assert.match(listed.stdout, /shades\.tsv +2 /);
    const found = await run('terms', 'search', COLOURS, 'red', 'rub');
    assert.match(found.stdout, /r1 +Ruby red/);
    assert.doesNotMatch(found.stdout, /r2/);
    const json = JSON.parse((await run('terms', 'search', COLOURS, 'red', '--json')).stdout);
    assert.equal(json.length, 2);
  });

  test('chartwire terms import says in sentences what is wrong', async () => {
    const missing = await run('terms', 'import', join(folder, 'nothing.txt'), '--system', 'icd10cm');
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /nothing\.txt is not a file that can be read/);
    const file = join(folder, 'page.html');
    await writeFile(file, '<html>');
    const wrong = await run('terms', 'import', file, '--system', 'icd10cm');
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /The file can’t be imported: its first line is not one of/);
    assert.match(wrong.stderr, /Nothing was changed/);
  });
});
