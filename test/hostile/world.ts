// A server with one of everything in it, for requests that are to find something.

import assert from 'node:assert/strict';
import type { Answered, RunningApp } from '../server/running-app.ts';
import { RECORDS } from './records.ts';

/** Makes one of everything. Gives back ids, names and keys by which requests find them. */
export async function furnish(app: RunningApp): Promise<string[]> {
  const made = async (path: string, body: unknown, method = 'POST'): Promise<Answered['json']> => {
    const { status, json, text } = await app.ask(method, path, { body });
    assert.ok(status < 300, `${path} made ${status} ${text}`);
    return json;
  };
  const ids: string[] = [];
  const keep = (...values: string[]): void => void ids.push(...values);
  for (const record of RECORDS) keep((await made(`/fhir/R4/${record.resourceType}`, record)).id);
  const patient = ids[0]!;
  const doctor = (await made('/fhir/R4/Practitioner', { resourceType: 'Practitioner', name: [{ family: 'Germain' }] }))
    .id;
  const note = (await made('/api/notes', { patient })).id;
  const command = await made(`/api/notes/${note}/commands`, { command: 'plan', fields: { narrative: 'Rest.' } });
  const task = (await made('/api/tasks', { title: 'Call', patient })).id;
  const message = (await made('/api/messages', { patient, text: 'Hello.' })).id;
  const { items } = (await app.ask('GET', '/api/events?limit=3')).json;
  const token = (await made('/api/tokens', { name: 'x', scopes: ['system/*.rs'] })).id;
  const user = (await made('/api/users', { login: 'kim@example.org', name: 'Kim', roles: ['clinician'] })).user?.id;
  keep(patient, doctor, note, command.id, task, message, token, ...(user ? [user] : []), items[0].id, items[0].cursor);
  keep(
    'plan',
    'narrative',
    'print',
    'carry-forward',
    'Patient',
    'Task',
    'icd10cm',
    'abnormal-lab-task',
    `Task/${task}`,
  );
  return ids;
}
