// No token grants what it doesn't hold: with a token, a role, a link, or a plugin.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ScopeSet } from '#kit/scopes.ts';
import { packageOf } from '../support/core.ts';
import { type RunningApp, runApp } from './running-app.ts';
import { newPerson } from './signing-in.ts';

test('scopes cover what they allow for every patient, and nothing else', () => {
  const held = new ScopeSet(['system/Patient.rs', 'user/Task.cruds', 'patient/Condition.rs']);
  const covered = [
    'system/Patient.r',
    'user/Patient.rs',
    'patient/Patient.s',
    'patient/Task.cruds',
    'system/Task.write',
  ];
  const beyond = ['system/Patient.ru', 'patient/Condition.r', 'system/*.r', 'system/chartwire.admin', 'nonsense', ''];
  assert.deepEqual(
    [...covered, ...beyond].filter((scope) => held.covers(scope)),
    covered,
  );
  const all = new ScopeSet(['system/*.cruds', 'system/chartwire.admin']);
  assert.ok(['system/*.cruds', 'patient/Note.d', 'system/chartwire.admin'].every((scope) => all.covers(scope)));
});

describe('an administrator', () => {
  let app: RunningApp;
  let token: string;
  before(async () => {
    app = await runApp();
    token = await app.tokenFor(['system/chartwire.admin', 'system/Task.rs']);
  });
  after(() => app.close());

  const mint = async (scopes: readonly string[], more: object = {}) => {
    const { status, json } = await app.ask('POST', '/api/tokens', { token, body: { name: 'minted', scopes, ...more } });
    return status === 201 ? 'granted' : json.code;
  };

  test('mints tokens with the scopes they hold', async () => {
    assert.equal(await mint(['system/chartwire.admin', 'user/Task.r']), 'granted');
    assert.equal(await mint(['patient/Task.rs'], { patient: 'ana' }), 'granted');
    assert.equal(await mint(['system/*.cruds']), 'access.grant');
    assert.equal(await mint(['system/Task.cruds']), 'access.grant');
    assert.equal(await mint(['patient/*.r'], { patient: 'ana' }), 'access.grant');
  });

  test('gives roles, and links to them, that allow no more than they hold', async () => {
    const user = (roles: readonly string[]) => ({ login: `u${Math.random()}@clinic.example`, name: 'New', roles });
    const refused = await app.ask('POST', '/api/users', { token, body: user(['clinician']) });
    assert.deepEqual([refused.status, refused.json.code], [403, 'access.grant']);
    assert.equal((await app.ask('POST', '/api/users', { token, body: user([]) })).status, 201);
    const { json: clinician } = await app.ask('POST', '/api/users', { body: user(['clinician']) });
    const change = (body: object) => app.ask('PATCH', `/api/users/${clinician.id}`, { token, body });
    assert.equal((await change({ name: 'Renamed', roles: ['clinician'] })).status, 200, 'what they had stays');
    assert.equal((await change({ roles: ['clinician', 'biller'] })).json.code, 'access.grant');
    const reset = await app.ask('POST', `/api/users/${clinician.id}/reset`, { token });
    assert.equal(reset.json.code, 'access.grant', 'whoever has the link can be that person');
    assert.equal((await change({ roles: [] })).status, 200);
  });

  test('installs plugins with the scopes they hold', async () => {
    const source = `import { BaseProtocol } from 'chartwire/sdk';
      export class Idle extends BaseProtocol { static RESPONDS_TO = 'TASK_CREATED'; compute() { return []; } }`;
    const install = async (scopes: string[]) => {
      const body = await packageOf({ name: 'idle', source, scopes });
      const response = await fetch(`${app.url}/api/plugins/idle`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/gzip' },
        body: new Uint8Array(body),
      });
      return { status: response.status, json: (await response.json()) as { code?: string } };
    };
    const refused = await install(['patient/Task.c']);
    assert.deepEqual([refused.status, refused.json.code], [403, 'access.grant']);
    assert.equal((await app.ask('GET', '/api/plugins/idle')).status, 404);
    assert.equal((await install(['patient/Task.r'])).status, 200);
  });

  test('who signed in appoints clinicians without being one, and makes no token that says more than they do', async () => {
    const { browser } = await newPerson(app, ['admin']);
    const body = { login: 'second@clinic.example', name: 'Second', roles: ['clinician', 'staff', 'biller', 'admin'] };
    const made = await browser.ask('POST', '/api/users', body);
    assert.equal(made.status, 201, made.text);
    assert.equal((await browser.ask('POST', `/api/users/${made.json.id}/reset`)).status, 200);
    const minted = await browser.ask('POST', '/api/tokens', { name: 'minted', scopes: ['system/*.cruds'] });
    assert.deepEqual([minted.status, minted.json.code], [403, 'access.grant']);
    const { items } = (await app.ask('GET', `/api/audit?action=users.create&record=${made.json.id}&type=User`)).json;
    assert.equal(items[0].actor.type, 'user');
  });
});
