// What every answer tells a browser, whatever kind of route it comes from; and that no path of a file is a failure.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type RunningApp, runApp } from './running-app.ts';

const HTML = { accept: 'text/html' };
const HTTPS = { 'x-forwarded-proto': 'https' };
const PATIENT = { resourceType: 'Patient', name: [{ family: 'Header' }] };

describe('headers', () => {
  let app: RunningApp;
  let web: string;
  let docs: string;
  before(async () => {
    web = await mkdtemp(join(tmpdir(), 'chartwire-web-'));
    await mkdir(join(web, 'assets'));
    await writeFile(join(web, 'index.html'), '<!doctype html><title>Chartwire</title>');
    await writeFile(join(web, 'assets', 'main-abc.js'), 'export {};');
    docs = await mkdtemp(join(tmpdir(), 'chartwire-docs-'));
    await writeFile(join(docs, 'index.html'), '<!doctype html><title>Docs</title>');
    await writeFile(join(docs, 'site.js'), 'void 0;');
    app = await runApp({ web: Promise.resolve(web), docs: Promise.resolve(docs), trustProxy: '127.0.0.1' });
  });
  after(async () => {
    await app.close();
    for (const folder of [web, docs]) await rm(folder, { recursive: true, force: true });
  });

  type Asked = readonly [
    kind: string,
    status: number,
    method: string,
    path: string,
    options?: Parameters<RunningApp['ask']>[2],
  ];
  const KINDS: readonly Asked[] = [
    ['the page', 200, 'GET', '/', { token: null }],
    ['a page at a path', 200, 'GET', '/patients/1', { token: null, headers: HTML }],
    ['an asset', 200, 'GET', '/assets/main-abc.js', { token: null }],
    ['no such asset', 404, 'GET', '/assets/none.js', { token: null }],
    ['an asset with a NUL', 404, 'GET', '/assets/%00', { token: null }],
    ['the docs', 200, 'GET', '/docs/', { token: null }],
    ['a file of the docs', 200, 'GET', '/docs/site.js', { token: null }],
    ['no such page of the docs', 404, 'GET', '/docs/none.html', { token: null, headers: HTML }],
    ['a list of the API', 200, 'GET', '/api/events'],
    ['no such route of the API', 404, 'GET', '/api/nowhere'],
    ['the API, not signed in', 401, 'GET', '/api/events', { token: null }],
    ['the API, a body that is no JSON', 400, 'POST', '/api/notes', { body: '{' }],
    ['the API, a body of another type', 415, 'POST', '/api/notes', { body: 'x', headers: { 'content-type': 'a/b' } }],
    ['a search at the FHIR door', 200, 'GET', '/fhir/R4/Patient'],
    ['a record made at the FHIR door', 201, 'POST', '/fhir/R4/Patient', { body: PATIENT }],
    ['no such record', 404, 'GET', '/fhir/R4/Patient/none'],
    ['the FHIR door, not signed in', 401, 'GET', '/fhir/R4/Patient', { token: null }],
    ['what the FHIR door can do', 200, 'GET', '/fhir/R4/metadata', { token: null }],
    ['whether it is alive', 200, 'GET', '/healthz', { token: null }],
    ['metrics', 200, 'GET', '/metrics'],
    ['a URL that is none', 400, 'GET', '/api/events/%E0%A4%A', { token: null }],
    ['a path that is too long', 400, 'GET', `/api/events/${'x'.repeat(400)}`],
    ['nothing at all, not signed in', 401, 'GET', '/nowhere', { token: null }],
    ['a method of no route', 404, 'PUT', '/'],
  ];

  test('every kind of answer has them', async () => {
    for (const [kind, status, method, path, options = {}] of KINDS) {
      const { status: actual, headers } = await app.ask(method, path, options);
      assert.equal(actual, status, kind);
      assertGuarded(headers, kind);
      assert.equal(headers.has('strict-transport-security'), false, `${kind}: not over http`);
      const kept = path.startsWith('/assets/main')
        ? /immutable/
        : /^\/docs\/(site|$)/.test(path)
          ? /^no-cache$/
          : /^no-store$/;
      assert.match(headers.get('cache-control')!, kept, kind);
      // A path that leads to no route is refused before anybody asks which proxy to trust.
      if (status === 400 && method === 'GET') continue;
      const secure = await app.ask(method, path, { ...options, headers: { ...options.headers, ...HTTPS } });
      assert.match(secure.headers.get('strict-transport-security') ?? '', /^max-age=\d{8}/, `${kind}, over https`);
    }
  });

  test('a stream has them as well', async () => {
    const ended = new AbortController();
    const { headers } = await fetch(`${app.url}/api/events/stream`, {
      headers: { authorization: `Bearer ${await app.tokenFor(['system/*.rs'])}` },
      signal: ended.signal,
    });
    assertGuarded(headers, 'a stream');
    ended.abort();
  });

  test('the page runs scripts of this server alone, and hands text to no sink of code', async () => {
    const { headers } = await app.ask('GET', '/', { token: null });
    const policy = headers.get('content-security-policy')!;
    for (const part of [/script-src 'self'(;|$)/, /require-trusted-types-for 'script'/, /default-src 'none'/]) {
      assert.match(policy, part);
    }
    const inDocs = (await app.ask('GET', '/docs/', { token: null })).headers.get('content-security-policy')!;
    assert.match(
      inDocs,
      /default-src 'none'.*script-src 'self'.*style-src 'self'(;|$).*require-trusted-types-for 'script'/,
    );
    assert.doesNotMatch(inDocs, /unsafe|https?:|\*/);
    const { headers: others } = await app.ask('GET', '/api/events');
    assert.match(others.get('content-security-policy')!, /^default-src 'none'; frame-ancestors 'none'/);
  });

  test('what is not HTTP is answered with them too', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(app.url).port), '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
      let text = '';
      socket.on('data', (part) => {
        text += part;
      });
      socket.on('end', () => resolve(text)).on('error', reject);
    });
    const [head = ''] = answer.split('\r\n\r\n');
    const lines = head.split('\r\n').slice(1);
    assertGuarded(new Headers(lines.map((line) => line.split(': ', 2) as [string, string])), 'no HTTP');
  });

  test('no path of a file is a failure, nor leads out of the folder', async () => {
    const paths = [
      ...['%00', 'a%00.js', '%00/main-abc.js', 'main-abc.js%00', '%2e%2e/index.html', '..%2findex.html', '%5c..%5cx'],
      ...[
        '.',
        '%2e',
        'x'.repeat(1_000),
        `${'a/'.repeat(500)}b`,
        'main-abc.js/',
        'main-abc.js/x',
        'con',
        '%F0%9F%92%A9',
      ],
      ...[
        '%',
        '%ff',
        '%c0%ae%c0%ae/index.html',
        '?%00',
        'main-abc.js.br',
        '%0d%0aset-cookie:x',
        '%u0000',
        ':',
        '*',
        '~',
      ],
    ];
    for (const path of paths) {
      const { status, text } = await app.ask('GET', `/assets/${path}`, { token: null });
      // 401: what `..` leads to is no path of a file any more, and needs a token like any unknown path.
      assert.ok([400, 401, 404].includes(status), `${path}: ${status}`);
      assert.doesNotMatch(text, /<title>Chartwire/, path);
    }
    assert.doesNotMatch(app.logged(), /"msg":"failed"/);
  });
});

function assertGuarded(headers: Headers, kind: string): void {
  const wanted: Readonly<Record<string, RegExp>> = {
    'content-security-policy': /(^|; )frame-ancestors 'none'/,
    'x-content-type-options': /^nosniff$/,
    'referrer-policy': /^no-referrer$/,
    'cross-origin-resource-policy': /^same-origin$/,
    'cross-origin-opener-policy': /^same-origin$/,
    'permissions-policy': /camera=\(\).*geolocation=\(\).*microphone=\(\)/,
  };
  for (const [name, value] of Object.entries(wanted)) assert.match(headers.get(name) ?? '', value, `${kind}: ${name}`);
}
