import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { Refusal } from '#kit/errors.ts';
import { ICD10CM } from '#kit/systems.ts';
import { currentEditions } from '#terms/editions.ts';
import { type ImportProgress, importTerms } from '#terms/import.ts';
import { lookup } from '#terms/lookup.ts';
import { searchTerms } from '#terms/search.ts';
import { until } from '../support/core.ts';
import { openPlace, type Place } from './place.ts';
import { rowsOf, TABLES, withoutTables } from './official-tables.ts';

const COLOURS = 'https://example.org/colours';

/** A table of so many terms, each with the name of its edition. */
function tableOf(edition: string, terms: number): string {
  return Array.from({ length: terms }, (_, n) => `c${n}\tcolour ${n} of ${edition}`).join('\n');
}

async function* bytes(...texts: (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

describe('an import', () => {
  let place: Place;
  before(async () => {
    place = await openPlace();
  });
  after(() => place.close());

  const refused = async (system: string, text: string | Buffer, pattern: RegExp, format?: string): Promise<Refusal> => {
    const refusal = await importTerms(place.terms, { system, file: bytes(text), format }).then(
      () => assert.fail('it was taken'),
      (error: unknown) => error,
    );
    assert.ok(refusal instanceof Refusal, String(refusal));
    assert.equal(refusal.code, 'terms.file');
    assert.match(refusal.message, pattern);
    return refusal;
  };

  test('makes a code system of any URI searchable', async () => {
    const report = await importTerms(place.terms, {
      system: COLOURS,
      edition: '1',
      file: bytes('red\tRed like blood\nblue\tBlue'),
    });
    assert.deepEqual(report, { system: COLOURS, edition: '1', format: 'table', rows: 2, skipped: 0, faults: [] });
    const hits = await searchTerms(place.terms, { system: COLOURS, query: 'bloo' });
    assert.deepEqual(hits, [{ system: COLOURS, code: 'red', display: 'Red like blood', flags: [], fits: true }]);
  });

  test('replaces the edition before as a whole: no search sees both, half, or none', async () => {
    await importTerms(place.terms, { system: COLOURS, edition: 'old', file: bytes(tableOf('old', 5_000)) });
    const nodes = [place.terms, place.otherNode()];
    let done = false;
    const seen = new Set<string>();
    const newest = Promise.withResolvers<void>();
    const searching = nodes.map(async (terms) => {
      while (!done) {
        const hits = await searchTerms(terms, { system: COLOURS, query: 'colour', limit: 10_000 });
        // A search gives at most the 250 most prominent: enough to tell editions apart.
        const editions = new Set(hits.map(({ display }) => display.split(' of ')[1]));
        assert.equal(editions.size, 1, [...editions].join());
        assert.ok((await lookup(terms.pool, COLOURS, 'c4999')) !== undefined);
        seen.add([...editions][0]!);
        if (seen.has('newer')) newest.resolve();
        await wait(5);
      }
    });
    for (const edition of ['new', 'newer']) {
      await importTerms(place.terms, { system: COLOURS, edition, file: bytes(tableOf(edition, 6_000)) });
      assert.equal((await lookup(place.pool, COLOURS, 'c5999'))?.display, `colour 5999 of ${edition}`);
    }
    // A search that fails ends the wait.
    await Promise.race([newest.promise, Promise.all(searching)]);
    done = true;
    await Promise.all(searching);
    const { rows } = await place.pool.query(
      'SELECT count(*)::int AS n FROM term WHERE edition IN (SELECT id FROM term_edition WHERE system = $1)',
      [COLOURS],
    );
    assert.deepEqual(rows, [{ n: 6_000 }], 'the old editions are gone');
  });

  test('is seen by another node after a while without being told', async () => {
    const other = place.otherNode();
    await searchTerms(other, { system: COLOURS, query: 'x' });
    await importTerms(place.terms, { system: COLOURS, edition: 'told', file: bytes('told\tTold') });
    assert.equal((await lookup(other.pool, COLOURS, 'told'))?.code, 'told', 'a lookup sees it at once');
    let hits = await searchTerms(other, { system: COLOURS, query: 'told' });
    for (const end = Date.now() + 60_000; hits.length === 0 && Date.now() < end; await wait(250)) {
      hits = await searchTerms(other, { system: COLOURS, query: 'told' });
    }
    assert.equal(hits.length, 1);
  });

  test('counts bad lines, names the first ones, and takes the others', async () => {
    const lines = ['code\tdisplay', ...Array.from({ length: 300 }, (_, n) => `E${100 + n}\tText ${n}`)];
    const good = lines.map((line) => line.replace(/^E(\d)(\d\d)/, (_, a: string, b: string) => `E${a}${b[0]}.${b[1]}`));
    good.splice(5, 0, 'nonsense\tx', 'E10.0\t');
    good.push(good[1]!);
    const report = await importTerms(place.terms, { system: 'icd10cm', edition: 'bad', file: bytes(good.join('\n')) });
    assert.equal(report.rows, 300);
    assert.equal(report.skipped, 3);
    assert.deepEqual(report.faults, [
      { line: 6, reason: 'its code is not one of ICD-10-CM' },
      { line: 7, reason: 'it has no text' },
      { line: 304, reason: 'its code came before' },
    ]);
  });

  test('of a wrong file is refused in a sentence, and changes nothing', async () => {
    await importTerms(place.terms, {
      system: 'icd10cm',
      edition: 'right',
      file: bytes('I10\tEssential (primary) hypertension'),
    });
    const people = Array.from({ length: 100 }, (_, n) => `${n},Jane,Doe,1980-01-01`).join('\n');
    const refusal = await refused('icd10cm', people, /its first 50 lines are not terms of ICD-10-CM/);
    assert.ok(refusal.faults.length === 20 && refusal.faults[0]!.path === 'line 1');
    assert.ok(!JSON.stringify([refusal.message, refusal.faults]).includes('Jane'), 'and nothing of the file is quoted');
    await refused('icd10cm', Buffer.from([0x25, 0x50, 0x44, 0x46, 0, 1, 2, 0x0a]), /it is not a file of text/);
    await refused('icd10cm', '<html>', /its first line is not one of/);
    await refused('icd10cm', '', /there is no term in it/);
    await refused('icd10cm', 'code\tdisplay\n', /there is no term in it/);
    await refused('rxnorm', '314076\tlisinopril 10 MG Oral Tablet', /18 fields/, 'rxnorm-rrf');
    const halfBad = Array.from({ length: 100 }, (_, n) => (n % 2 ? `E1${n % 10}\tText` : 'x\ty')).join('\n');
    await refused('icd10cm', halfBad, /of its lines are not terms of ICD-10-CM/);
    const here = (await currentEditions(place.pool)).find(({ system }) => system === ICD10CM);
    assert.deepEqual([here?.edition, here?.rows], ['right', 1]);
    const { rows } = await place.pool.query('SELECT count(*)::int AS n FROM term_edition WHERE NOT current');
    assert.deepEqual(rows, [{ n: 0 }], 'nothing of it is left');
  });

  test('reads files that are packed, in UTF-16 or in Windows-1252, from a path or a stream', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chartwire-terms-'));
    try {
      const text = 'm1\tMénière’s disease\nm2\tSjögren syndrome\n';
      const files: Record<string, Buffer> = {
        'plain.tsv': Buffer.from(text),
        'crlf.tsv': Buffer.from(text.replaceAll('\n', '\r\n')),
        'mark.tsv': Buffer.from(`\ufeff${text}`),
        'packed.tsv.gz': gzipSync(text),
        'packed.tsv.br': brotliCompressSync(text),
        'wide.tsv': Buffer.from(`\ufeff${text}`, 'utf16le'),
        'windows.tsv': Buffer.from(text.replace('’', '\u0092'), 'latin1'),
      };
      for (const [name, content] of Object.entries(files)) {
        await writeFile(join(folder, name), content);
        await importTerms(place.terms, { system: COLOURS, edition: name, file: join(folder, name) });
        assert.equal((await lookup(place.pool, COLOURS, 'm1'))?.display, 'Ménière’s disease', name);
      }
      const split = [...files['wide.tsv']!].map((byte) => Buffer.from([byte]));
      await importTerms(place.terms, { system: COLOURS, edition: 'byte by byte', file: bytes(...split) });
      assert.equal((await lookup(place.pool, COLOURS, 'm2'))?.display, 'Sjögren syndrome');
      await importTerms(place.terms, { system: COLOURS, file: bytes(files['packed.tsv.br']!), compression: 'br' });
      await refused(COLOURS, files['packed.tsv.gz']!.subarray(0, 40), /it cannot be unpacked/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('tells how far it is', async () => {
    const progress: ImportProgress[] = [];
    const text = tableOf('told', 5_000);
    await importTerms(place.terms, { system: COLOURS, file: bytes(text) }, (one) => void progress.push(one));
    assert.deepEqual(progress.at(-1), { bytes: Buffer.byteLength(text), terms: 5_000 });
    assert.ok(progress.length >= 3);
    assert.ok(progress.every(({ terms }, n) => n === 0 || terms >= progress[n - 1]!.terms));
  });

  test('is refused while another of the same code system is under way, on whatever node', async () => {
    const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    async function* slow(): AsyncGenerator<Buffer> {
      begun.resolve();
      yield Buffer.from('a\tA\n');
      await gate.promise;
      yield Buffer.from('b\tB\n');
    }
    const first = importTerms(place.terms, { system: COLOURS, edition: 'slow', file: slow() });
    await begun.promise;
    await assert.rejects(importTerms(place.otherNode(), { system: COLOURS, file: bytes('x\tX') }), {
      code: 'terms.busy',
    });
    await importTerms(place.terms, { system: 'https://example.org/others', file: bytes('x\tX') });
    gate.resolve();
    assert.equal((await first).rows, 2);
  });

  test('that a crash left half done is never seen, and removed by the next', async () => {
    await place.pool.query("INSERT INTO term_edition (system, edition, origin) VALUES ($1, 'crashed', 'import')", [
      COLOURS,
    ]);
    await place.pool.query(
      "INSERT INTO term (edition, code, display, flags) SELECT max(id), 'ghost', 'Ghost', '{}' FROM term_edition",
    );
    assert.deepEqual(await searchTerms(place.terms, { system: COLOURS, query: 'ghost' }), []);
    assert.equal(await lookup(place.pool, COLOURS, 'ghost'), undefined);
    await importTerms(place.terms, { system: COLOURS, file: bytes('x\tX') });
    const { rows } = await place.pool.query("SELECT count(*)::int AS n FROM term WHERE code = 'ghost'");
    assert.deepEqual(rows, [{ n: 0 }]);
  });

  test('holds back no transaction for longer than a batch takes', async () => {
    // The event log is read below the oldest transaction that writes: a long one would stop every plugin.
    const writing = async (): Promise<number> => {
      const { rows } = await place.pool.query<{ n: number }>(
        `SELECT count(*)::integer AS n FROM pg_stat_activity
          WHERE backend_xid IS NOT NULL AND datname = current_database()`,
      );
      return rows[0]!.n;
    };
    // The file goes on only when nobody writes: a transaction held over its parts would never let it.
    async function* slowly(): AsyncGenerator<Buffer> {
      for (let part = 0; part < 10; part++) {
        yield Buffer.from(`${tableOf(`part ${part}`, 1).replace('c0', `p${part}`)}\n`);
        await until(async () => (await writing()) === 0);
      }
    }
    assert.equal((await importTerms(place.terms, { system: COLOURS, file: slowly() })).rows, 10);
  });

  test('of an ICD-10-CM order file of full size gives every code', { skip: withoutTables }, async () => {
    const lines = rowsOf('icd10cm').map(([code, billable, text], place) => {
      const order = String(place % 100_000).padStart(5, '0');
      return `${order} ${code!.replace('.', '').padEnd(7)} ${billable} ${text!.slice(0, 60).padEnd(60)} ${text}\r\n`;
    });
    async function* orderFile(): AsyncGenerator<Buffer> {
      // Portions that end in the middle of lines.
      const whole = Buffer.from(lines.join(''));
      for (let from = 0; from < whole.length; from += 65_521) yield whole.subarray(from, from + 65_521);
    }
    const report = await importTerms(place.terms, { system: 'icd10cm', edition: '2026', file: orderFile() });
    assert.deepEqual([report.format, report.rows, report.skipped], ['icd10cm-order', TABLES.icd10cm.rows, 0]);
    assert.deepEqual((await lookup(place.pool, ICD10CM, 'E11'))?.flags, ['category']);
    const [first] = await searchTerms(place.terms, { system: 'icd10cm', query: 'hypert' });
    assert.equal(first?.code, 'I10');
  });
});
