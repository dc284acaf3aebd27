import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Refusal } from '#kit/errors.ts';
import { parseManifest } from '#plugin-host/manifest.ts';

const LEAST = { name: 'my-plugin', version: '1.0.0', description: 'What it does.', entry: 'src/index.ts' };

function faults(json: unknown): Record<string, string> {
  try {
    parseManifest(json);
  } catch (error) {
    assert.ok(error instanceof Refusal);
    assert.equal(error.code, 'plugin.manifest');
    return Object.fromEntries(error.faults.map(({ path, message }) => [path, message]));
  }
  return {};
}

describe('a manifest', () => {
  test('with only what it must have is given the rest', () => {
    assert.deepEqual(parseManifest(LEAST), {
      ...LEAST,
      scopes: [],
      network: [],
      variables: [],
      priority: 100,
      gates: { policy: 'allow' },
      limits: {},
    });
  });

  test('keeps all that it says', () => {
    const more = {
      scopes: ['patient/Observation.rs', 'system/*.r'],
      network: ['api.example.org', '*.example.com', 'localhost:9000'],
      variables: [
        { name: 'TOKEN', sensitive: true, description: 'For the API.' },
        { name: 'URL', default: 'x' },
      ],
      priority: 5,
      gates: { policy: 'block' },
      limits: { deadlineMs: 100 },
    };
    assert.deepEqual(parseManifest({ ...LEAST, ...more }), { ...LEAST, ...more });
  });

  test('is named by what is wrong and where', () => {
    assert.deepEqual(faults([]), { '': 'must be object' });
    assert.deepEqual(faults({}), {
      '/name': 'is missing',
      '/version': 'is missing',
      '/description': 'is missing',
      '/entry': 'is missing',
    });
    assert.deepEqual(faults({ ...LEAST, extra: 1 }), { '/extra': 'is not a known key' });
    assert.deepEqual(faults({ ...LEAST, gates: { policy: 'maybe' } }), {
      '/gates/policy': 'must be "allow" or "block"',
    });
    assert.deepEqual(faults({ ...LEAST, scopes: ['patient/Observation.rs', 'Observation.read'] }), {
      '/scopes/1': '"Observation.read" is not a SMART v2 scope such as patient/Observation.rs',
    });
  });

  const refused: [what: string, more: object, path: string][] = [
    ['a name that is no folder and no address', { name: 'My Plugin' }, '/name'],
    ['a version that cannot be compared', { version: '1' }, '/version'],
    ['an entry outside the folder', { entry: '../index.ts' }, '/entry'],
    ['an entry outside the folder, deeper', { entry: 'src/../../index.ts' }, '/entry'],
    ['an absolute entry', { entry: '/etc/index.ts' }, '/entry'],
    ['an entry that is no script', { entry: 'src/index.sh' }, '/entry'],
    ['a host with a scheme', { network: ['https://api.example.org'] }, '/network/0'],
    ['every host', { network: ['*'] }, '/network/0'],
    ['a host with a path', { network: ['api.example.org/x'] }, '/network/0'],
    ['a scope that administers', { scopes: ['system/chartwire.admin'] }, '/scopes/0'],
    ['a scope of what is no type', { scopes: ['patient/Note.r', 'patient/Observaton.rs'] }, '/scopes/1'],
    ['a variable named like nothing in an environment', { variables: [{ name: 'my token' }] }, '/variables/0/name'],
    ['a variable twice', { variables: [{ name: 'A' }, { name: 'A' }] }, '/variables/1/name'],
    ['a secret in the manifest', { variables: [{ name: 'A', sensitive: true, default: 'x' }] }, '/variables/0/default'],
    [
      'a secret for a host that it does not reach',
      { variables: [{ name: 'A', sensitive: true, sendTo: [{ host: 'api.example.org', in: ['body'] }] }] },
      '/variables/0/sendTo/0/host',
    ],
    [
      'a secret for every host below a name',
      {
        network: ['*.a.org'],
        variables: [{ name: 'A', sensitive: true, sendTo: [{ host: '*.a.org', in: ['body'] }] }],
      },
      '/variables/0/sendTo/0/host',
    ],
    [
      'a secret in an address',
      { network: ['a.org'], variables: [{ name: 'A', sensitive: true, sendTo: [{ host: 'a.org', in: ['path'] }] }] },
      '/variables/0/sendTo/0/in/0',
    ],
    [
      'a plain variable with a place for it',
      { network: ['a.org'], variables: [{ name: 'A', sendTo: [{ host: 'a.org', in: ['body'] }] }] },
      '/variables/0/sendTo',
    ],
    ['an unknown key of a variable', { variables: [{ name: 'A', secret: true }] }, '/variables/0/secret'],
    ['a policy of nothing for what failed', { delivery: { policy: 'drop' } }, '/delivery/policy'],
    ['retries without an end', { delivery: { retries: 1_000 } }, '/delivery/retries'],
    ['a limit of nothing', { limits: { memoryMB: 0 } }, '/limits/memoryMB'],
    ['a limit that is none', { limits: { disk: 1 } }, '/limits/disk'],
  ];
  for (const [what, more, path] of refused) {
    test(`with ${what} is refused`, () => {
      assert.deepEqual(Object.keys(faults({ ...LEAST, ...more })), [path]);
    });
  }
});
