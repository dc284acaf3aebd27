import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { ADMIN, type RunningApp, runApp } from './running-app.ts';
import { newPerson, PASSWORD, TestBrowser, tokenOf } from './signing-in.ts';

/** By node:http, which sends any Host. */
async function answered(url: string, body: string | undefined, headers: Record<string, string>) {
  const all = { authorization: `Bearer ${ADMIN}`, ...(body && { 'content-type': 'application/json' }), ...headers };
  const sent = request(url, { method: 'POST', headers: all }).end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { headers: response.headers, json: JSON.parse(await text(response)) };
}

const post = async (url: string, body: string | undefined, headers: Record<string, string>) =>
  (await answered(url, body, headers)).json;

describe('users', () => {
  let app: RunningApp;
  let pool: pg.Pool;
  before(async () => {
    app = await runApp({ trustProxy: 'loopback' });
    pool = new pg.Pool(app.database.connection);
  });
  after(async () => {
    await pool.end();
    await app.close();
  });

  const invite = (body: object) => app.ask('POST', '/api/users', { body });
  const change = (id: string, body: object) => app.ask('PATCH', `/api/users/${id}`, { body });

  test('an invitation is shown once, is good once, and is for its address alone', async () => {
    const made = await invite({ login: 'Invited@Clinic.example', name: 'Invited', roles: ['staff'] });
    assert.equal(made.status, 201, made.text);
    assert.equal(made.json.login, 'invited@clinic.example');
    assert.equal(made.json.hasPassword, false);
    assert.match(made.json.link, new RegExp(`^${app.url}/welcome#[\\w-]{43}$`));
    const token = tokenOf(made.json.link);
    const { link: _, expiresAt, ...user } = made.json;
    assert.ok(Date.parse(expiresAt) > Date.now() + 6 * 86_400_000);
    assert.deepEqual((await app.ask('GET', `/api/users/${user.id}`)).json, user);
    const { rows } = await pool.query('SELECT row_to_json(l)::text AS row FROM sign_in_link l');
    assert.ok(rows.length > 0 && rows.every(({ row }) => !row.includes(token)), 'only its hash is stored');

    const browser = new TestBrowser(app.url);
    const choose = (password: string) => browser.ask('POST', '/api/session/link', { token, password });
    assert.equal((await choose('short')).json.code, 'password.weak');
    const [one, two] = await Promise.all([choose(PASSWORD), choose(PASSWORD)]);
    assert.deepEqual([one.status, two.status].sort(), [200, 410], 'of two at once one wins');
    assert.equal((await choose(PASSWORD)).json.code, 'link.expired');
    assert.equal((await app.ask('GET', `/api/users/${user.id}`)).json.hasPassword, true);
  });

  test('links lead to the address that the operator gave, whatever the request says it was sent to', async () => {
    const chart = 'https://chart.clinic.example';
    const configured = await runApp({ trustProxy: 'loopback', origin: chart });
    try {
      for (const [server, origin] of [
        [app, app.url],
        [configured, chart],
      ] as const) {
        const lies: Record<string, string>[] = [
          { host: 'evil.example' },
          { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
          { forwarded: 'host=evil.example;proto=https' },
        ];
        for (const headers of lies) {
          const login = `${Object.keys(headers)[0]}@clinic.example`;
          const body = JSON.stringify({ login, name: 'X', roles: ['staff'] });
          const made = await post(`${server.url}/api/users`, body, headers);
          assert.match(made.link, new RegExp(`^${origin}/welcome#[\\w-]{43}$`));
          const again = await post(`${server.url}/api/users/${made.id}/reset`, undefined, headers);
          assert.ok(again.link.startsWith(`${origin}/welcome#`), again.link);
        }
      }
      const { json } = await configured.ask('GET', '/fhir/R4/Patient');
      assert.equal(json.link[0].url.split('/fhir')[0], chart);
      // Behind a proxy that passes on Host alone, it's known by its address that the browser speaks TLS.
      const { login } = await newPerson(configured, ['staff']);
      const begun = await answered(`${configured.url}/api/session`, JSON.stringify({ login, password: PASSWORD }), {
        host: new URL(chart).host,
      });
      assert.match(begun.headers['set-cookie']![0]!, /^__Host-chartwire_session=.*; Secure$/);
    } finally {
      await configured.close();
    }
  });

  test('a link that is too old, replaced, or of a user who is not active any more is refused', async () => {
    const { json } = await invite({ login: 'late@clinic.example', name: 'Late', roles: ['staff'] });
    const browser = new TestBrowser(app.url);
    const use = async (link: string) =>
      (await browser.ask('POST', '/api/session/link', { token: tokenOf(link), password: PASSWORD })).status;
    const newLink = async () => (await app.ask('POST', `/api/users/${json.id}/reset`)).json.link;
    const second = await newLink();
    assert.equal(await use(json.link), 410);
    await pool.query('UPDATE sign_in_link SET expires_at = now() WHERE user_account = $1', [json.id]);
    assert.equal(await use(second), 410);
    const third = await newLink();
    await change(json.id, { active: false });
    assert.equal(await use(third), 410);
    assert.equal((await app.ask('POST', `/api/users/${json.id}/reset`)).json.code, 'user.inactive');
  });

  test('a reset ends every session once it is used, and not before', async () => {
    const { browser, id, login } = await newPerson(app, ['clinician']);
    const { json } = await app.ask('POST', `/api/users/${id}/reset`);
    assert.equal((await browser.ask('GET', '/api/session')).status, 200);
    const elsewhere = new TestBrowser(app.url);
    const password = 'a password after the reset';
    const used = await elsewhere.ask('POST', '/api/session/link', { token: tokenOf(json.link), password });
    assert.equal(used.status, 200);
    assert.equal((await browser.ask('GET', '/api/session')).status, 401);
    assert.equal((await browser.signIn(login)).status, 401);
    assert.equal((await browser.signIn(login, password)).status, 200);
  });

  test('what is not a user is not made', async () => {
    const good = { login: 'good@clinic.example', name: 'Good', roles: ['staff'] };
    assert.equal((await invite(good)).status, 201);
    assert.equal((await invite({ ...good, login: 'GOOD@clinic.example' })).json.code, 'user.exists');
    for (const [more, path] of [
      [{ login: 'no address' }, '/login'],
      [{ login: ' blank@clinic.example' }, '/login'],
      [{ login: 'blank@clinic.example\u00a0' }, '/login'],
      [{ login: '\u212aim@clinic.example' }, '/login'],
      [{ login: 'ki\u200bm@clinic.example' }, '/login'],
      [{ login: 'kim@clinic.example\ufeff' }, '/login'],
      [{ name: ' ' }, '/name'],
      [{ roles: ['surgeon'] }, '/roles/0'],
      [{ practitioner: 'nobody' }, '/practitioner'],
      [{ password: 'x' }, '/password'],
    ] as const) {
      const refused = await invite({ ...good, login: 'other@clinic.example', ...more });
      assert.equal(refused.status, 422, JSON.stringify(more));
      assert.equal(refused.json.faults[0].path, path);
    }
    assert.equal((await change('00000000-0000-7000-8000-000000000000', { name: 'x' })).json.code, 'user.not-found');
  });

  test('whoever is not active any more is out at once', async () => {
    const { browser, id, login } = await newPerson(app, ['clinician']);
    assert.equal((await change(id, { active: false })).json.active, false);
    assert.equal((await browser.ask('GET', '/fhir/R4/Patient')).status, 401);
    assert.equal((await browser.signIn(login)).status, 401);
    await change(id, { active: true });
    assert.equal((await browser.ask('GET', '/fhir/R4/Patient')).status, 401, 'the old session does not come back');
    assert.equal((await browser.signIn(login)).status, 200);
  });

  test('there is always an administrator', async () => {
    const { items } = (await app.ask('GET', '/api/users')).json;
    const [first] = items.filter(({ roles }: { roles: string[] }) => roles.includes('admin'));
    assert.equal(first.login, 'admin@localhost', 'the first start made one');
    for (const less of [{ active: false }, { roles: ['clinician'] }]) {
      const refused = await change(first.id, less);
      assert.equal(refused.status, 409);
      assert.equal(refused.json.code, 'user.last-admin');
    }
    const { id } = await newPerson(app, ['admin']);
    const both = await Promise.all([change(first.id, { roles: [] }), change(id, { roles: [] })]);
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409], 'nor do two demote each other');
  });

  test('a role opens what it names, at both doors, and several add up', async () => {
    const patient = { resourceType: 'Patient', name: [{ family: 'Roles' }] };
    const { id } = (await app.ask('POST', '/fhir/R4/Patient', { body: patient })).json;
    const note = (await app.ask('POST', '/api/notes', { body: { patient: id } })).json.id;
    const subject = { reference: `Patient/${id}` };
    const tries = {
      read: ['GET', `/fhir/R4/Patient/${id}`],
      events: ['GET', '/api/events?limit=1'],
      register: ['POST', '/fhir/R4/Patient', patient],
      task: ['POST', '/fhir/R4/Task', { resourceType: 'Task', status: 'requested', intent: 'order', for: subject }],
      allergy: ['POST', '/fhir/R4/AllergyIntolerance', { resourceType: 'AllergyIntolerance', patient: subject }],
      write: ['POST', `/api/notes/${note}/commands`, { command: 'plan', fields: { narrative: 'Rest.' } }],
      bill: ['POST', `/api/notes/${note}/billing-line-items`, { code: '99213' }],
      remove: ['DELETE', '/fhir/R4/Patient/none'],
      users: ['GET', '/api/users'],
      audit: ['GET', '/api/audit'],
      plugins: ['GET', '/api/plugins'],
    } as const;
    const opened = {
      clinician: ['read', 'events', 'register', 'task', 'allergy', 'write', 'bill', 'remove'],
      staff: ['read', 'events', 'register', 'task'],
      biller: ['read', 'events', 'bill'],
      admin: ['read', 'events', 'users', 'audit', 'plugins'],
      'staff biller': ['read', 'events', 'register', 'task', 'bill'],
      '': [],
    };
    for (const [roles, allowed] of Object.entries(opened)) {
      const { browser } = await newPerson(app, roles.split(' ').filter(Boolean));
      const found: string[] = [];
      for (const [name, [method, path, body]] of Object.entries(tries)) {
        const { status, text } = await browser.ask(method, path, body);
        assert.ok(status < 500 && status !== 401, `${roles} ${name}: ${status} ${text}`);
        if (status !== 403) found.push(name);
      }
      assert.deepEqual(found, allowed, roles);
    }
  });

  test('in a batch too a role does no more than it may', async () => {
    const { browser } = await newPerson(app, ['staff']);
    const bundle = {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [
        { request: { method: 'POST', url: 'Patient' }, resource: { resourceType: 'Patient' } },
        { request: { method: 'POST', url: 'Condition' }, resource: { resourceType: 'Condition' } },
      ],
    };
    const { json } = await browser.ask('POST', '/fhir/R4', bundle);
    const statuses = json.entry.map(({ response }: { response: { status: string } }) => response.status.slice(0, 3));
    assert.deepEqual(statuses, ['201', '403']);
  });

  test('who is a practitioner writes as one', async () => {
    const body = { resourceType: 'Practitioner', name: [{ family: 'Blackwell' }] };
    const practitioner = (await app.ask('POST', '/fhir/R4/Practitioner', { body })).json.id;
    const { browser, id } = await newPerson(app, ['clinician'], { practitioner });
    const patient = (await browser.ask('POST', '/fhir/R4/Patient', { resourceType: 'Patient' })).json.id;
    const note = (await browser.ask('POST', '/api/notes', { patient })).json;
    assert.equal(note.author.id, id);
    const made = await browser.ask('POST', `/api/notes/${note.id}/commands`, {
      command: 'task',
      fields: { title: 'Call back', assignTo: practitioner },
      commit: true,
    });
    assert.equal(made.status, 201, made.text);
    const [entry] = (await browser.ask('GET', `/fhir/R4/Task?patient=${patient}`)).json.entry;
    assert.equal(entry.resource.requester.reference, `Practitioner/${practitioner}`);
    const { items } = (await app.ask('GET', `/api/events?patient=${patient}&type=TASK_CREATED`)).json;
    assert.equal(items[0].actor.practitioner, practitioner);
  });
});
