// What a plugin finds beside the language, and what it misses: in the sandbox, in the types, and in the two tables.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { readFile, symlink, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { printJson } from '#kit/json/print.ts';
import { buildPlugin } from '#plugin-host/build.ts';
import { GLOBALS, MISSING } from '#plugin-host/plugin-globals.ts';
import { REMOVED } from '#plugin-host/runner/realm.ts';
import { openPlugin } from '#plugin-host/testing.ts';
import { folderOf, handler, manifestOf, newId, patientCreated, Sandbox } from './sandbox.ts';

const ROOT = join(import.meta.dirname, '../..');
const BESIDE = Object.keys(GLOBALS).toSorted();
const ABSENT = Object.keys(MISSING).toSorted();
/** Of the same engine. */
const LANGUAGE = (runInNewContext('Object.getOwnPropertyNames(globalThis)') as string[]).filter(
  (name) => name !== 'console' && !(REMOVED as readonly string[]).includes(name),
);

/** Each is run in the sandbox and here, where Node's own globals tell what is right; an error is told by its name. */
const SEEN: Readonly<Record<string, string>> = {
  'a URL in parts': `
    const url = new URL('../b c?x=1&y=%zz#é', 'https://user:pass@EXAMPLE.org:8443/a/d/');
    url.port = '443'; url.searchParams.append('z', 'ä&='); url.hash = ''; url.pathname += '/ü';
    return [url.href, url.origin, url.host, url.search, url.username, JSON.stringify({ url }), String(url)];`,
  'hosts of every kind': `
    return ['http://0x7f.1', 'http://[::1]:80/', 'https://münchen.de', 'https://xn--mnchen-3ya.de', 'https://ﬀ.example',
      'https://XN--MNCHEN-3YA.de', 'https://a b.de', 'https://xn--a.de', 'https://日本語.jp/x', 'file:///C|/x', 'mailto:a@b', 'x:y', '']
      .map((text) => URL.canParse(text) && URL.parse(text).href);`,
  'search parameters': `
    const params = new URLSearchParams('a=1&b=2&a=3&c=%F0%9F%98%80+x');
    params.set('b', 'ß'); params.delete('a', '1'); params.sort();
    return [[...params], params.getAll('a'), params.has('b', 'x'), params.size, String(new URLSearchParams({ q: 'a b&c' })),
      String(new URLSearchParams([['x', '1'], ['x', '2']])), [...params.keys()], [...params.values()]];`,
  'a URL that is none': `return new URL('nowhere');`,
  'text to bytes': `
    const into = new Uint8Array(7);
    return [[...new TextEncoder().encode('aé€😀\\ud800')], new TextEncoder().encodeInto('é€😀', into), [...into], new TextEncoder().encoding];`,
  'bytes to text': `
    const bytes = Uint8Array.of(0xef, 0xbb, 0xbf, 0xe2, 0x82, 0xac, 0xff, 0xf0, 0x9f);
    const decoder = new TextDecoder();
    const parts = [0xe2, 0x82, 0xac].map((byte) => decoder.decode(Uint8Array.of(byte), { stream: true }));
    return [new TextDecoder().decode(bytes), new TextDecoder('UTF8', { ignoreBOM: true }).decode(bytes.subarray(0, 6)), parts,
      new TextDecoder().decode(new DataView(bytes.buffer, 3, 3)), decoder.encoding, decoder.fatal];`,
  'bytes that are no text': `return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.of(0xc3, 0x28));`,
  Base64: `return [btoa(''), btoa('a'), btoa('ab'), btoa('abc\\xff'), atob(' YW Jj\\n/w== '), atob('YQ'), atob(btoa('x'.repeat(5000))).length, btoa(12)];`,
  'Base64 of more than bytes': `return btoa('€');`,
  'what is not Base64': `return atob('a');`,
  'Base64 with a wrong character': `return atob('YWJj$A==');`,
  copies: `
    class Point { x = 1; get y() { return 2; } }
    const buffer = new ArrayBuffer(8);
    const given = { date: new Date(5), list: [1, , 'x'], map: new Map([[{ k: 1 }, new Set([1n])]]), re: /a+/gi, point: new Point(),
      bytes: new Uint8Array(buffer, 2, 3), words: new Uint16Array(buffer), view: new DataView(buffer, 1), boxed: Object('s'), nothing: undefined, zero: -0,
      ['__proto__']: 3 };
    given.self = given;
    given.bytes[0] = 7;
    const copy = structuredClone(given);
    return [copy !== given, copy.self === copy, copy.date.getTime(), copy.list, 1 in copy.list, [...copy.map.keys()], [...[...copy.map.values()][0]].map(String),
      String(copy.re), copy.point.constructor === Object, Object.keys(copy.point), copy.bytes.buffer === copy.words.buffer, [...copy.words], copy.view.byteOffset,
      typeof copy.boxed, Object.is(copy.zero, -0), Object.keys(copy), Object.hasOwn(copy, '__proto__')];`,
  'copies of errors': `
    const copy = structuredClone(new RangeError('far', { cause: { at: 1 } }));
    const own = structuredClone(Object.assign(new Error('x'), { name: 'Mine', extra: 1 }));
    return [copy instanceof RangeError, copy.message, copy.cause, own.name, own instanceof Error, own.extra];`,
  'a copy of a function': `return structuredClone({ a: [() => 1] });`,
  'a copy of a symbol': `return structuredClone(Symbol('x'));`,
  'a copy of a promise': `return structuredClone({ later: Promise.resolve() });`,
  'a copy of headers': `return structuredClone({ headers: new Headers() });`,
  'a copy without end': `let deep = {}; for (let n = 0; n < 200000; n++) deep = { deep }; try { structuredClone(deep); } catch (error) { return error.name; }`,
  headers: `
    const headers = new Headers([['B', ' 1 '], ['a', '2'], ['b', '3']]);
    headers.append('C', 'x'); headers.delete('A'); headers.set('d', '4');
    const seen = [];
    headers.forEach((value, name) => seen.push(name + value));
    return [[...headers], headers.get('b'), headers.get('none'), headers.has('C'), [...headers.keys()], seen, [...new Headers({ 'X-Y': 'z' }).values()]];`,
  'a header that is none': `return new Headers({ 'a b': 'x' });`,
  'a header of two lines': `return new Headers({ a: 'x\\ny' });`,
  responses: `
    const response = Response.json({ a: 1 }, { status: 201 });
    const copy = response.clone();
    const bytes = new Response('é');
    return [response.ok, response.status, response.headers.get('content-type'), await response.json(), response.bodyUsed, await copy.text(),
      [...new Uint8Array(await bytes.arrayBuffer())], await new Response(new URLSearchParams({ a: 'b' })).text(),
      new Response('x').headers.get('content-type'), await new Response(null, { status: 204 }).text(), await new Response('\\ufeffx').text()];`,
  'a response read twice': `const response = new Response('x'); await response.text(); return response.text();`,
  'a response without a status': `return new Response('x', { status: 42 });`,
  microtasks: `
    const order = [];
    queueMicrotask(() => order.push('second'));
    order.push('first');
    await null; await null;
    return order;`,
  'a microtask that is none': `return queueMicrotask('x');`,
};

/** Each ends by itself, or is ended for its time or its memory. */
const FLOODS = [
  'structuredClone(Array.from({ length: 2 ** 20 }, () => ({})))',
  "new URL('https://' + 'ü'.repeat(2 ** 20) + '.example')",
  "atob('x'.repeat(2 ** 28))",
  'for (;;) crypto.getRandomValues(new Uint8Array(65_536))',
];

describe('the globals of a plugin', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await Sandbox.start();
  });

  async function effectOf(plugin: string, more: object = {}): Promise<unknown> {
    const { effects, error } = await sandbox.call(plugin, more);
    assert.equal(error, null, error?.message);
    return effects[0]!.payload;
  }

  test('are those of the language and those of the table', async () => {
    const names = 'Object.getOwnPropertyNames(globalThis)';
    await sandbox.load('names', handler(`return [{ type: 'NAMES', payload: ${names} }];`));
    const found = (await effectOf('names')) as string[];
    assert.deepEqual(found.toSorted(), [...LANGUAGE, ...BESIDE].toSorted());
  });

  test('behave as those of Node', async () => {
    const body = (source: string): string => `(async () => {
      try { return { value: JSON.stringify(await (async () => { ${source} })()) }; } catch ({ name }) { return { name }; }
    })()`;
    const all = Object.entries(SEEN).map(([what, source]) => `[${JSON.stringify(what)}]: await ${body(source)}`);
    await sandbox.load('seen', handler(`return [{ type: 'SEEN', payload: { ${all.join(',\n')} } }];`));
    const seen = (await effectOf('seen')) as Record<string, unknown>;
    for (const [what, source] of Object.entries(SEEN)) {
      const right = await (new Function(`return ${body(source)}`)() as Promise<unknown>);
      assert.deepEqual(seen[what], JSON.parse(JSON.stringify(right)), what);
    }
  });

  test('give random values that follow from the execution, and from nothing else', async () => {
    const draw = `
      const some = crypto.getRandomValues(new Uint16Array(50));
      await this.data.read('Patient', 'pat');
      return [{ type: 'DREW', payload: [[...new Uint8Array(some.buffer)], crypto.randomUUID(), crypto.randomUUID()] }];`;
    await sandbox.load('random', handler(draw));
    const execution = newId();
    type Drawn = [number[], string, string];
    const [first, other, again] = (await Promise.all(
      [execution, newId(), execution].map((id) => effectOf('random', { execution: id })),
    )) as [Drawn, Drawn, Drawn];
    assert.deepEqual(again, first);
    const cipher = createCipheriv('chacha20', execution.replaceAll('-', ''), Buffer.alloc(16));
    const stream = cipher.update(Buffer.alloc(132));
    assert.deepEqual(first[0], [...stream.subarray(0, 100)]);
    const ids = [first[1], first[2], other[1], other[2]];
    assert.equal(new Set(ids).size, 4);
    for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('are refused where they would mean something else', async () => {
    const cases: [code: string, said: RegExp][] = [
      ["new TextDecoder('latin1')", /RangeError: .*utf-8 only, not latin1/],
      ["structuredClone(new ArrayBuffer(8), { transfer: ['x'] })", /leave `transfer` out/],
      ['structuredClone(this.variables)', /DataCloneError: .*a secret/],
      ["new Headers({ 'x-key': this.variables.KEY })", /plain object/],
      ["await fetch('https://a.example', { signal: {} })", /not signal: the host ends a request after 10 seconds/],
      ["await fetch('https://a.example', { redirect: 'manual' })", /not redirect/],
      ["await fetch('https://a.example', { body: 'x' })", /GET request has no body/],
      ["await fetch('https://a.example', { method: 'PUT', body: {} })", /JSON\.stringify.*this\.http\.fetch/],
      ["await fetch('https://a.example', { method: 'PUT', body: Uint8Array.of(255) })", /not UTF-8.*btoa/],
      ["new Response('x').body", /no streams/],
      ["await new Response('x').blob()", /arrayBuffer\(\)/],
      ['crypto.getRandomValues(new Uint8Array(65537))', /QuotaExceededError/],
      ['crypto.getRandomValues(new Float64Array(1))', /typed array of integers/],
    ];
    const variables = { KEY: { value: 'hidden', sensitive: true } };
    const code = 'const compute = (code) => Object.getPrototypeOf(async () => {}).constructor(code).call(this);';
    await sandbox.load('refused', handler(`${code} await compute(this.event.context.code);`), {
      variables: [{ name: 'KEY', sensitive: true, sendTo: [] }],
    });
    for (const [code, said] of cases) {
      const { error } = await sandbox.call('refused', { variables, event: patientCreated({ context: { code } }) });
      assert.match(String(error?.message), said, code);
    }
  });

  test('given too much end within the limits, and their plugin goes on', async () => {
    const limited = await Sandbox.start({ limits: { stepMs: 150 } });
    const folder = await folderOf({
      'chartwire.json': manifestOf('floods'),
      'src/index.ts': handler('(0, eval)(this.event.context.code);'),
    });
    const build = await buildPlugin(folder);
    for (const code of FLOODS) {
      // Anew each time: a plugin that offends is kept apart for a while.
      await limited.host.load(build);
      const { error } = await limited.call('floods', { event: patientCreated({ context: { code } }) });
      assert.match(
        error?.code ?? 'handler.memory',
        /^handler\.(memory|crashed|step-timeout|threw)$/,
        `${code}: ${error?.message}`,
      );
      await limited.host.load(build);
      const after = await limited.call('floods', { event: patientCreated({ context: { code: 'btoa(1)' } }) });
      assert.equal(after.error, null, code);
    }
  });

  test('that are missing say what to use instead, and are undefined to typeof', async () => {
    await sandbox.load('missing', handler('(0, eval)(this.event.context.code);'));
    for (const name of ABSENT) {
      for (const code of [`new ${name}().x`, `globalThis.${name}(1)`]) {
        const { error } = await sandbox.call('missing', { event: patientCreated({ context: { code } }) });
        assert.ok(error?.message.includes(MISSING[name as keyof typeof MISSING]), `${code}: ${error?.message}`);
      }
    }
    const list = ABSENT.map((name) => `typeof ${name}`).join();
    await sandbox.load('absent', handler(`return [{ type: 'TYPES', payload: [${list}] }];`));
    assert.deepEqual(new Set((await effectOf('absent')) as string[]), new Set(['undefined']));
    const early = `setTimeout(() => {}, 1);\n${handler('')}`;
    await assert.rejects(sandbox.load('early', early), /setTimeout is not defined: a plugin has no timers/);
    const drawn = `const id = crypto.randomUUID();\n${handler('')}`;
    await assert.rejects(sandbox.load('drawn', drawn), /crypto works while a handler runs/);
  });
});

test('fetch is a face of this.http: its hosts, its secrets, its record', async () => {
  const source = handler(`
    const headers = { Authorization: this.variables.KEY, 'X-Plain': 'p' };
    const body = new URLSearchParams({ a: 'é' });
    const answer = await fetch(new URL('/x?y=1', 'https://api.example.org'), { method: 'post', headers, body });
    const record = structuredClone(await answer.clone().json());
    const bytes = new Uint8Array(await answer.arrayBuffer()).length;
    const odd = await fetch('https://api.example.org/odd').then((odd) => odd.arrayBuffer()).catch(({ message }) => message);
    const failed = await fetch('https://elsewhere.example').catch((error) => [error.name, error.cause.code]);
    const made = { record, status: answer.status, ok: answer.ok, type: answer.headers.get('Content-Type'), bytes, odd, failed };
    return [{ type: 'FETCHED', payload: made }];
  `);
  const folder = await folderOf({
    'chartwire.json': manifestOf('fetching', {
      network: ['api.example.org'],
      variables: [
        { name: 'KEY', sensitive: true, sendTo: [{ host: 'api.example.org', in: ['header:authorization'] }] },
      ],
    }),
    'src/index.ts': source,
  });
  const sent: unknown[] = [];
  await using plugin = await openPlugin(folder, {
    variables: { KEY: 'hidden' },
    http: ({ method, url, headers, body }) => {
      sent.push([method, url, headers.authorization, headers['x-plain'], headers['content-type'], body]);
      return {
        status: 201,
        headers: { 'content-type': 'application/json' },
        body: url.endsWith('odd') ? '\ufffd' : '{"weight":70.0}',
      };
    },
  });
  const { effects, calls, error } = await plugin.deliver('PATIENT_CREATED', {
    record: { resourceType: 'Patient', id: 'p' },
  });
  assert.equal(error, null);
  const form = 'application/x-www-form-urlencoded;charset=UTF-8';
  assert.deepEqual(sent[0], ['POST', 'https://api.example.org/x?y=1', 'hidden', 'p', form, 'a=%C3%A9']);
  const { odd, ...made } = effects[0]!.payload as Record<string, unknown>;
  assert.match(String(odd), /not UTF-8 text/);
  assert.equal(printJson(made.record), '{"weight":70.0}', 'a number stays as it was written');
  assert.deepEqual(JSON.parse(JSON.stringify(made)), {
    record: { weight: 70 },
    status: 201,
    ok: true,
    type: 'application/json',
    bytes: 15,
    failed: ['TypeError', 'host.forbidden'],
  });
  assert.deepEqual(
    calls.map(({ kind, outcome }) => `${kind} ${outcome}`),
    ['http 201', 'http 201', 'http host.forbidden'],
  );
});

describe('the types of a plugin', () => {
  test('declare what the table has', async () => {
    const text = await readFile(join(ROOT, 'packages/sdk/globals.d.ts'), 'utf8');
    const declared = [...text.matchAll(/^declare (?:const|class|function) (\w+)/gm)].map(([, name]) => name!);
    assert.deepEqual(declared.toSorted(), BESIDE);
  });

  test('know every global that there is, and none that is missing', async () => {
    const present = [...LANGUAGE, ...BESIDE];
    const uses = (names: readonly string[]): string =>
      names.map((name) => `export const $${name} = ${name};`).join('\n');
    const folder = await folderOf({
      'package.json': '{"type":"module"}',
      'tsconfig.json':
        '{"extends":"chartwire/sdk/tsconfig.plugin.json","compilerOptions":{"customConditions":["@chartwire/source"]},"include":["src"]}',
      'src/present.ts': `import { BaseProtocol } from 'chartwire/sdk';\nexport { BaseProtocol };\n${uses(present)}`,
      'src/missing.ts': uses(ABSENT),
      'src/members.ts':
        'new ArrayBuffer(1, { maxByteLength: 2 });\ncrypto.subtle;\nnew URL("x").x;\nstructuredClone(1, {});\nawait fetch("https://x", { headers: { a: 1 } });\n',
    });
    await mkdir(join(folder, 'node_modules'));
    await symlink(join(ROOT, 'packages/server'), join(folder, 'node_modules/chartwire'), 'junction');
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    const { stdout } = await promisify(execFile)(tsc, ['-p', folder, '--pretty', 'false'], { cwd: folder }).catch(
      (error: { stdout: string }) => error,
    );
    const faults = [...stdout.matchAll(/^src\/(\w+)\.ts\((\d+),/gm)].map(([, file, line]) => `${file} ${line}`);
    const expected = [
      ...ABSENT.map((_, index) => `missing ${index + 1}`),
      ...[1, 2, 3, 4, 5].map((line) => `members ${line}`),
    ];
    assert.deepEqual(faults.toSorted(), expected.toSorted(), stdout);
  });
});
