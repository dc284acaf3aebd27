import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chartwire } from './chartwire.ts';
import { keptChartwire } from './kept-chartwire.ts';

const VERBS = [
  'serve',
  'init',
  'validate',
  'install',
  'list',
  'enable',
  'disable',
  'uninstall',
  'schedule',
  'run',
  'variables set',
  'variables unset',
  'variables list',
  'logs',
  'emit',
  'import',
  'token create',
  'token list',
  'token revoke',
  'user add',
  'user list',
  'user reset',
  'user disable',
  'user enable',
  'audit verify',
  'audit heads',
  'audit export',
  'doctor',
  'terms import',
  'terms list',
  'terms search',
  'checks list',
  'checks off',
  'checks on',
];

test('the help names every verb', async () => {
  const { code, stdout } = await chartwire(['--help']);
  assert.equal(code, 0);
  for (const verb of VERBS) assert.match(stdout, new RegExp(`^  ${verb.split(' ')[0]} `, 'm'), verb);
  const named = Array.from(stdout.matchAll(/^ {2}([a-z]+) (?=.* {2})/gm), ([, verb]) => verb);
  const known = new Set([...VERBS.map((verb) => verb.split(' ')[0]), 'help']);
  for (const verb of named) assert.ok(known.has(verb!), `${verb} is not tested here`);
});

test('the help of each verb shows examples of it', async () => {
  for (const verb of VERBS) {
    const { code, stdout } = await keptChartwire([...verb.split(' '), '--help']);
    assert.equal(code, 0, verb);
    assert.match(stdout, new RegExp(`Examples:\n  \\$ chartwire .*${verb.split(' ')[0]}`), verb);
  }
});

test('what lists can list as JSON', async () => {
  for (const verb of ['list', 'schedule', 'variables list', 'token list', 'logs', 'validate', 'import', 'emit']) {
    const { stdout } = await keptChartwire([...verb.split(' '), '--help']);
    assert.match(stdout, /^ {2}--json /m, verb);
  }
});

for (const [name, args] of [
  ['no verb', []],
  ['an unknown verb', ['lsit']],
  ['an unknown option', ['list', '--jsno']],
  ['a missing argument', ['install', 'a', 'b']],
  ['a port that is none', ['serve', '--port', '99999']],
  ['an address that is none', ['--server', 'nowhere', 'list']],
  ['another machine without a token', ['--server', 'https://chartwire.example.org', 'list']],
  ['a token without scopes', ['token', 'create', 'x']],
  ['an expiry that is none', ['--token', 'x', 'token', 'create', 'x', '--scope', 'system/*.rs', '--expires', 'soon']],
  ['a context that is not JSON', ['--token', 'x', 'emit', 'CRON', '--context', '{']],
  ['a file that is not there', ['--token', 'x', 'import', '/nowhere.json']],
  ['a file of another kind', ['--token', 'x', 'import', import.meta.filename]],
] as const) {
  test(`wrong use ends with 2: ${name}`, async () => {
    const { code, stdout, stderr } = await keptChartwire(args);
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assert.ok(stderr.length > 0 && !/^\s+at /m.test(stderr), stderr);
  });
}

test('without a server it says so in a sentence and ends with 3', async () => {
  const { code, stderr } = await chartwire(['--server', 'http://127.0.0.1:9', '--token', 'x', 'list']);
  assert.equal(code, 3);
  assert.match(stderr, /^No Chartwire server answers at http:\/\/127\.0\.0\.1:9 .*chartwire serve.*\n$/);
});

test('the version is that of the package', async () => {
  const { default: manifest } = await import('../../packages/server/package.json', { with: { type: 'json' } });
  assert.equal((await chartwire(['--version'])).stdout.trim(), manifest.version);
});
