// A server with one of everything in it, for requests that are to find something.

import assert from 'node:assert/strict';
import type { Answered, RunningApp } from '../server/running-app.ts';
import { ADMIN } from '../server/running-app.ts';
import { RECORDS } from './records.ts';

export interface Known {
  /** Ids, names and keys of anything. */
  readonly ids: readonly string[];
  /** `Patient/1`. */
  readonly references: readonly string[];
  /** What fits a path behind a segment of it: an id of a note behind `notes`. */
  readonly behind: Readonly<Record<string, readonly string[]>>;
}

const PDF = Buffer.from('%PDF-1.7\n%%EOF\n');

export async function furnish(app: RunningApp): Promise<Known> {
  const made = async (path: string, body: unknown): Promise<Answered['json']> => {
    const { status, json, text } = await app.ask('POST', path, { body });
    assert.ok(status < 300, `${path} made ${status} ${text}`);
    return json;
  };
  const references: string[] = [];
  for (const record of [...RECORDS, { resourceType: 'Practitioner', name: [{ family: 'Germain' }] }]) {
    references.push(`${record.resourceType}/${(await made(`/fhir/R4/${record.resourceType}`, record)).id}`);
  }
  const idOf = (type: string): string => references.find((one) => one.startsWith(`${type}/`))!.split('/')[1]!;
  const patient = idOf('Patient');
  const note = (await made('/api/notes', { patient })).id;
  const command = await made(`/api/notes/${note}/commands`, { command: 'plan', fields: { narrative: 'Rest.' } });
  const task = (await made('/api/tasks', { title: 'Call', patient })).id;
  const message = (await made('/api/messages', { patient, text: 'Hello.' })).id;
  const token = (await made('/api/tokens', { name: 'x', scopes: ['system/*.rs'] })).id;
  const user = (await made('/api/users', { login: 'kim@example.org', name: 'Kim', roles: ['clinician'] })).id;
  const { items } = (await app.ask('GET', '/api/events?limit=3')).json;
  const inbox = await uploaded(app);
  const behind = {
    notes: [note],
    commands: [command.id],
    fields: ['narrative', 'x'],
    actions: ['print', 'carry-forward'],
    tasks: [task],
    messages: [patient],
    charts: [patient],
    appointments: [idOf('Appointment')],
    inbox: [inbox],
    events: items.map(({ id }: { id: string }) => id),
    tokens: [token],
    users: [user],
    DocumentReference: [idOf('DocumentReference')],
  };
  const words = [
    'plan',
    'Patient',
    'Task',
    'icd10cm',
    'loinc',
    items[0].cursor,
    `Task/${task}`,
    `Practitioner/${idOf('Practitioner')}`,
  ];
  const ids = [...references.map((one) => one.split('/')[1]!), ...Object.values(behind).flat(), message, ...words];
  return { ids, references: [...references, `Task/${task}`], behind };
}

async function uploaded(app: RunningApp): Promise<string> {
  const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/pdf' };
  const answer = await fetch(`${app.url}/api/inbox`, { method: 'POST', headers, body: PDF });
  assert.equal(answer.status, 201);
  return ((await answer.json()) as { id: string }).id;
}
