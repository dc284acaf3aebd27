// Every route and every FHIR interaction, asked by every kind of credential, beside the declaration that the docs print.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { INTERACTIONS } from '#fhir/table.ts';
import { routesFor } from '#server/routes.ts';
import { CREDENTIALS, FHIR_MARKS, ROUTE_MARKS } from '../../docs/pages/permissions.ts';
import { ADMIN, type RunningApp, runApp } from './running-app.ts';
import { newPerson } from './signing-in.ts';

/** Ids of the patient whom all is about; none but theirs. */
const ANA = 'ana-of-this-table';
const ZOE = 'zoe-beside-her';
const REFUSED: ReadonlySet<string> = new Set([
  'access.unauthenticated',
  'access.forbidden',
  'access.grant',
  'access.outside-chart',
]);
const UUID = '0198d3c0-0000-7000-8000-00000000dead';

interface Asked {
  readonly status: number;
  readonly text: string;
}
type Ask = (method: string, path: string, sending: Sending) => Promise<Asked>;
interface Sending {
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
interface Wanted extends Sending {
  readonly query?: string;
  /** For `:id`, where it isn't what the operation's family has. */
  readonly id?: string;
}

/** By one mark of a row: who asks; for a token of one patient, of the one and of the other. */
interface Column {
  readonly name: string;
  readonly ask: Ask;
  readonly other?: Ask;
}

let app: RunningApp;
let columns: readonly Column[];
/** What paths and bodies name. */
const made: Record<string, string> = {};

async function send(
  method: string,
  path: string,
  { body, type, headers }: Sending,
  who: Readonly<Record<string, string>>,
): Promise<Asked> {
  const raw = typeof body === 'string';
  const stop = new AbortController();
  const response = await fetch(app.url + path, {
    method,
    redirect: 'manual',
    signal: stop.signal,
    headers: { ...(body !== undefined && { 'content-type': type ?? 'application/json' }), ...headers, ...who },
    ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
  });
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    stop.abort();
    return { status: response.status, text: '' };
  }
  return { status: response.status, text: await response.text() };
}

const withToken =
  (token: string | null): Ask =>
  (method, path, sending) =>
    send(method, path, sending, token === null ? {} : { authorization: `Bearer ${token}` });

async function columnOf(name: string, kind: (typeof CREDENTIALS)[keyof typeof CREDENTIALS]): Promise<Column> {
  if (kind === null) return { name, ask: withToken(null) };
  if (kind === 'server') return { name, ask: withToken(ADMIN) };
  if (kind === 'role') {
    const { browser } = await newPerson(app, [name]);
    const cookie = { cookie: browser.cookie!, 'x-csrf-token': browser.csrf! };
    return { name, ask: (method, path, sending) => send(method, path, sending, cookie) };
  }
  if (!kind[0]!.startsWith('patient/')) return { name, ask: withToken(await app.tokenFor(kind)) };
  const [mine, other] = [await app.tokenFor(kind, ANA), await app.tokenFor(kind, ZOE)];
  return { name, ask: withToken(mine), other: withToken(other) };
}

/** What shows that it was allowed: no refusal; that the answer tells of the patient; or this status. */
type Sign = 'answered' | 'told' | number;

function isAllowed({ status, text }: Asked, sign: Sign): boolean {
  if ([...REFUSED].some((code) => status >= 400 && text.includes(`"${code}"`))) return false;
  return sign === 'answered' || (sign === 'told' ? text.includes(ANA) : status === sign);
}

/** The row of marks as it is observed. */
async function observed(method: string, path: string, sending: Sending, sign: Sign): Promise<string> {
  const marks: string[] = [];
  for (const { ask, other } of columns) {
    if (!isAllowed(await ask(method, path, sending), sign)) marks.push('-');
    else if (other && !isAllowed(await other(method, path, sending), sign)) marks.push('o');
    else marks.push('+');
  }
  return marks.join('');
}

const subject = { reference: `Patient/${ANA}` };
const condition = (more: object = {}) => ({ resourceType: 'Condition', subject, code: { text: 'Gout' }, ...more });
const STALE = { headers: { 'if-match': 'W/"99"' } };
const LATE = { body: { version: 999 } };
const FHIR_JSON = 'application/fhir+json';
const PATCH = { type: 'application/json-patch+json', body: [{ op: 'replace', path: '/code/text', value: 'x' }] };

async function create(body: { resourceType: string; id?: string }): Promise<string> {
  const { resourceType, id } = body;
  const path = `/fhir/R4/${resourceType}${id ? `/${id}` : ''}`;
  const { status, json, text } = await app.ask(id ? 'PUT' : 'POST', path, { body });
  assert.ok(status === 201 || status === 200, text);
  return json.id;
}

async function furnish(): Promise<void> {
  for (const id of [ANA, ZOE]) await create({ resourceType: 'Patient', id, name: [{ family: id }] } as never);
  const api = async (path: string, body: object) => (await app.ask('POST', path, { body })).json;
  made.doctor = await create({ resourceType: 'Practitioner', name: [{ family: 'Grey' }] } as never);
  made.condition = await create(condition() as never);
  made.note = (await api('/api/notes', { patient: ANA })).id;
  made.plan = (await api(`/api/notes/${made.note}/commands`, { command: 'plan', fields: { narrative: 'x' } })).id;
  made.assess = (await api(`/api/notes/${made.note}/commands`, { command: 'assess' })).id;
  // A note that holds something committed can't be put into the bin.
  await api(`/api/notes/${made.note}/commands`, { command: 'plan', fields: { narrative: 'x' }, commit: true });
  const signed = (await api('/api/notes', { patient: ANA })).id;
  await api(`/api/notes/${signed}/sign`, {});
  await api(`/api/notes/${signed}/cosignature-requests`, { practitioner: made.doctor });
  made.task = (await api('/api/tasks', { patient: ANA, title: 'Call' })).id;
  const when = { start: '2027-03-01T09:00:00Z', end: '2027-03-01T09:20:00Z' };
  made.appointment = (await api('/api/appointments', { patient: ANA, ...when })).id;
  await api('/api/messages', { patient: ANA, text: 'Hello' });
  const report = { resourceType: 'DiagnosticReport', status: 'final', code: { text: 'Blood' }, subject };
  made.report = await create(report as never);
  made.result = await create({ ...report, resourceType: 'Observation' } as never);
  const attachment = { contentType: 'application/pdf', title: 'Fax', data: 'JVBERi0xLjQ=' };
  const paper = { resourceType: 'DocumentReference', status: 'current', content: [{ attachment }] };
  made.document = await create({ ...paper, subject } as never);
  const content = { contentType: 'text/plain', data: 'eA==' };
  made.media = await create({ resourceType: 'Media', status: 'completed', content, subject } as never);
  made.fax = await create(paper as never);
  const upload = await send('POST', '/api/inbox', PDF, { authorization: `Bearer ${ADMIN}` });
  made.inbox = JSON.parse(upload.text).id;
  const { items } = (await app.ask('GET', `/api/events?patient=${ANA}&limit=1`)).json;
  made.event = items[0].id;
}

const PDF = { body: '%PDF-1.4 x', type: 'application/pdf' } as const;
const WHEN = { start: '2027-03-01T10:00:00Z', end: '2027-03-01T10:20:00Z' };

/** What is sent to the routes that need something; whatever comes after permission may refuse it. */
const SENDING: Readonly<Record<string, () => Wanted>> = {
  'events.get': () => ({ id: made.event! }),
  'events.tree': () => ({ id: made.event! }),
  'events.emit': () => ({ body: { type: 'CRON' } }),
  'session.create': () => ({ body: { login: 'nobody@clinic.example', password: 'x' } }),
  'users.create': () => ({ body: { login: `u${Math.random()}@clinic.example`, name: 'x', roles: [] } }),
  'users.update': () => ({ body: { name: 'x' } }),
  'tokens.create': () => ({ body: { name: 'x', scopes: ['system/chartwire.admin'] } }),
  'notes.list': () => ({ query: `patient=${ANA}` }),
  'notes.create': () => ({ body: { patient: ANA } }),
  'notes.unlock': () => ({ body: { version: 999, reason: 'x' } }),
  'notes.addenda.create': () => ({ body: { text: 'x' } }),
  'notes.addenda.enter-in-error': () => ({ body: { reason: 'x' } }),
  'notes.cosignature-requests.create': () => ({ body: { practitioner: made.doctor } }),
  'notes.cosignature-requests.return': () => ({ body: { reason: 'x' } }),
  'cosignature-requests.list': () => ({ query: `of=${made.doctor}` }),
  'commands.originate': () => ({ body: { command: 'plan', fields: { nonsense: 1 } } }),
  'commands.update': () => ({ body: { fields: { narrative: 'y' }, version: 999 } }),
  'commands.options': () => ({ id: made.assess! }),
  'commands.select': () => ({ id: made.assess!, body: { value: made.condition, version: 999 } }),
  'patients.find': () => ({ query: `query=${ANA}` }),
  'patients.merges': () => ({ id: ANA }),
  'patients.merge': () => ({ id: ANA, body: { into: ANA } }),
  'patients.unmerge': () => ({ id: ANA, body: {} }),
  'schedule.get': () => ({ query: 'date=2027-03-01&timezone=UTC' }),
  'tasks.create': () => ({ body: { patient: ANA, title: 'x' } }),
  'tasks.comment': () => ({ body: { text: 'x' } }),
  'messages.send': () => ({ body: { patient: ANA, text: 'x' } }),
  'reports.review.DiagnosticReport': () => ({ id: made.report!, ...LATE }),
  'reports.review.DocumentReference': () => ({ id: made.document!, ...LATE }),
  'attachments.getDiagnosticReport': () => ({ id: made.report! }),
  'reports.review.Observation': () => ({ id: made.result!, ...LATE }),
  'reports.results.Observation': () => ({ id: made.result! }),
  'reports.results': () => ({ id: made.report! }),
  'attachments.getMedia': () => ({ id: made.media! }),
  'attachments.getDocumentReference': () => ({ id: made.document! }),
  'billing-line-items.create': () => ({ body: { code: '99213' } }),
  'appointments.book': () => ({ body: { patient: ANA, ...WHEN } }),
  'appointments.reschedule': () => ({ body: WHEN }),
  'inbox.receive': () => PDF,
  'inbox.match': () => ({ body: { patient: 'nobody' } }),
  'inbox.file': () => ({ body: { as: 'document' } }),
  'terms.search': () => ({ query: 'system=icd10cm&query=gout' }),
};

/** Without a body of their own, the routes that change a version of something are told a stale one. */
const VERSIONED = /^(notes\.(write|lock|sign|restore)|commands\.(commit|enter-in-error|execute|delete)|tasks\.change)$/;
/** What is done last, since it takes something away from those who come after. */
const LAST = ['inbox.discard', 'session.password', 'session.unlink', 'session.delete'];

function pathOf(path: string, operation: string, id: string | undefined): string {
  const [family] = operation.split('.') as [string];
  const ids: Record<string, string | undefined> = {
    notes: made.note,
    commands: operation === 'commands.originate' ? made.note : made.plan,
    'billing-line-items': made.note,
    tasks: made.task,
    appointments: made.appointment,
    inbox: made.inbox,
    deliveries: 'none',
  };
  return path
    .replace(':id', id ?? ids[family] ?? UUID)
    .replace(':patient', ANA)
    .replace(':name', 'none')
    .replace(':key', 'KEY')
    .replace(':index', '0')
    .replace(':version', '1')
    .replace(':addendum', 'none')
    .replace(':request', 'none')
    .replace(':action', 'print')
    .replace(':field', 'condition');
}

describe('who may do what', () => {
  before(async () => {
    app = await runApp();
    await furnish();
    columns = await Promise.all(Object.entries(CREDENTIALS).map(([name, kind]) => columnOf(name, kind)));
  });
  after(() => app.close());

  const routes = routesFor({ commands: [] });

  test('every route has its row, and every row its route', () => {
    assert.deepEqual(Object.keys(ROUTE_MARKS).toSorted(), routes.map(({ operation }) => operation).toSorted());
    const rows = INTERACTIONS.map(({ name }) => name);
    assert.deepEqual(
      rows.filter((name) => !Object.hasOwn(FHIR_MARKS, name)),
      [],
      'FHIR interactions without a row',
    );
  });

  const asks = ({ method, path, operation }: (typeof routes)[number]): void =>
    void test(operation, async () => {
      const wanted: Wanted = SENDING[operation]?.() ?? (VERSIONED.test(operation) ? LATE : {});
      const { query, id, ...sending } = wanted;
      const address = `${pathOf(path, operation, id)}${query ? `?${query}` : ''}`;
      const answer = await withToken(ADMIN)(method, address, sending);
      assert.ok(answer.status < 500, answer.text);
      const tells = method === 'GET' && answer.status === 200 && answer.text.includes(ANA);
      assert.equal(await observed(method, address, sending, tells ? 'told' : 'answered'), ROUTE_MARKS[operation]);
    });
  for (const route of routes) if (!LAST.includes(route.operation)) asks(route);

  const FHIR: Readonly<Record<string, () => [method: string, path: string, sending?: Sending, sign?: Sign]>> = {
    read: () => ['GET', `Condition/${made.condition}`],
    vread: () => ['GET', `Condition/${made.condition}/_history/1`],
    'history-instance': () => ['GET', `Condition/${made.condition}/_history`],
    'history-type': () => ['GET', 'Condition/_history', {}, 'told'],
    search: () => ['GET', 'Condition?code:text=gout', {}, 'told'],
    'search by form': () => ['POST', 'Condition/_search', { body: 'code:text=gout', type: FORM }, 'told'],
    everything: () => ['GET', `Patient/${ANA}/$everything`],
    create: () => ['POST', 'Condition', { body: condition(), type: FHIR_JSON }],
    update: () => [
      'PUT',
      `Condition/${made.condition}`,
      { body: condition({ id: made.condition }), type: FHIR_JSON, ...STALE },
    ],
    patch: () => ['PATCH', `Condition/${made.condition}`, { ...PATCH, ...STALE }],
    delete: () => ['DELETE', `Condition/${made.condition}`, STALE],
    'conditional create': () => [
      'POST',
      'Condition',
      { body: condition(), type: FHIR_JSON, headers: { 'if-none-exist': '_id=none' } },
    ],
    'conditional update': () => ['PUT', `Condition?_id=${made.condition}`, { body: condition(), type: FHIR_JSON }],
    'conditional patch': () => ['PATCH', `Condition?_id=${made.condition}`, { ...PATCH, ...STALE }, 412],
    'conditional delete': () => ['DELETE', `Condition?_id=${made.condition}`, STALE, 412],
    validate: () => ['POST', 'Condition/$validate', { body: condition(), type: FHIR_JSON }],
    'validate one': () => ['POST', `Condition/${made.condition}/$validate`, { body: condition(), type: FHIR_JSON }],
    batch: () => ['POST', '', { body: { resourceType: 'Bundle', type: 'batch' }, type: FHIR_JSON }],
    transaction: () => ['POST', '', { body: { resourceType: 'Bundle', type: 'transaction' }, type: FHIR_JSON }],
    reschedule: () => [
      'POST',
      `Appointment/${made.appointment}/$reschedule`,
      { body: { resourceType: 'Parameters', parameter: [] }, type: FHIR_JSON },
    ],
    merge: () => ['POST', 'Patient/$merge', { body: { resourceType: 'Parameters', parameter: [] }, type: FHIR_JSON }],
    metadata: () => ['GET', 'metadata'],
    'search with _include': () => ['GET', 'Condition?code:text=gout&_include=Condition:subject', {}, 'told'],
    'search with a chain': () => ['GET', `Condition?subject:Patient.family=${ANA}`, {}, 'told'],
    'search with _has': () => ['GET', 'Patient?_has:Condition:subject:code:text=gout', {}, 'told'],
    'read a Practitioner': () => ['GET', `Practitioner/${made.doctor}`],
    'update a Practitioner': () => [
      'PATCH',
      `Practitioner/${made.doctor}`,
      { type: PATCH.type, body: [{ op: 'replace', path: '/name/0/family', value: 'Mallory' }], ...STALE },
    ],
    'read a document of nobody': () => ['GET', `DocumentReference/${made.fax}`],
  };

  for (const [name, marks] of Object.entries(FHIR_MARKS)) {
    test(`FHIR: ${name}`, async () => {
      const [method, path, sending = {}, sign = 'answered'] = FHIR[name]!();
      const address = `/fhir/R4${path === '' ? '' : `/${path}`}`;
      assert.equal(await observed(method, address, sending, sign), marks);
    });
  }

  // A token of one patient asks about another patient's record, then about one that doesn't exist.
  const alike = async (method: string, address: string, sending: Sending): Promise<void> => {
    const ids = new RegExp([ANA, ...Object.values(made)].join('|'), 'g');
    const invented = (text: string): string => text.replaceAll(ids, (id) => (id === ANA ? 'ada' : UUID));
    const body = sending.body === undefined ? undefined : JSON.parse(invented(JSON.stringify(sending.body)));
    const plain = ({ status, text }: Asked) => ({
      status,
      text: invented(text).replace(/"(requestId|instance)":"[^"]*"/g, ''),
    });
    for (const { name, other } of columns) {
      if (!other) continue;
      const [theirs, nobodys] = [
        await other(method, address, sending),
        await other(method, invented(address), { ...sending, body }),
      ];
      assert.deepEqual(plain(theirs), plain(nobodys), `${name}: ${method} ${address}`);
    }
  };

  for (const { method, path, operation } of routes) {
    if (!ROUTE_MARKS[operation]!.includes('o') || !path.includes(':')) continue;
    test(`${operation} doesn’t tell whether another patient’s record exists`, async () => {
      const wanted: Wanted = SENDING[operation]?.() ?? (VERSIONED.test(operation) ? LATE : {});
      const { query, id, ...sending } = wanted;
      await alike(method, `${pathOf(path, operation, id)}${query ? `?${query}` : ''}`, sending);
    });
  }

  for (const name of [
    'read',
    'vread',
    'history-instance',
    'everything',
    'patch',
    'delete',
    'read a Practitioner',
    'read a document of nobody',
  ]) {
    test(`FHIR: ${name} doesn’t tell whether another patient’s record exists`, async () => {
      const [method, path, sending = {}] = FHIR[name]!();
      await alike(method, `/fhir/R4/${path}`, sending);
    });
  }

  for (const operation of LAST) asks(routes.find((route) => route.operation === operation)!);
});

const FORM = 'application/x-www-form-urlencoded';
