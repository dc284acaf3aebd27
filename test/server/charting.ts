// What the tests of notes and commands do at the doors: patients, notes, commands, plugins.

import assert from 'node:assert/strict';
import { packageOf } from '../support/core.ts';
import { ADMIN, type Answered, type AskOptions, type RunningApp } from './running-app.ts';

export interface Charting {
  /** Id of a new patient. */
  patient(): Promise<string>;
  /** Id of a new note, of a new patient unless one is named. */
  note(patient?: string): Promise<string>;
  originate(note: string, body: object, options?: AskOptions): Promise<Answered>;
  /** Types of the patient's events, in order, from the `after`-th on. */
  types(patient: string, after?: number): Promise<string[]>;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it
  events(patient: string): Promise<any[]>;
  install(name: string, source: string, manifest?: { scopes?: string[]; more?: object }): Promise<void>;
  remove(name: string): Promise<void>;
}

export function charting(app: RunningApp): Charting {
  const made = async (path: string, body: object): Promise<string> => {
    const { status, json, text } = await app.ask('POST', path, { body });
    assert.equal(status, 201, text);
    return json.id;
  };
  const patient = () => made('/fhir/R4/Patient', { resourceType: 'Patient', name: [{ family: 'Germain' }] });
  const events: Charting['events'] = async (id) =>
    (await app.ask('GET', `/api/events?patient=${id}&limit=500`)).json.items;
  return {
    patient,
    note: async (of) => made('/api/notes', { patient: of ?? (await patient()) }),
    originate: (note, body, options) => app.ask('POST', `/api/notes/${note}/commands`, { ...options, body }),
    events,
    types: async (id, after = 0) => (await events(id)).map(({ type }) => type).slice(after),
    async install(name, source, manifest = {}) {
      const body = await packageOf({ name, source, ...manifest });
      const response = await fetch(`${app.url}/api/plugins/${name}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/gzip' },
        body: new Uint8Array(body),
      });
      assert.equal(response.status, 200, await response.text());
    },
    async remove(name) {
      assert.equal((await app.ask('DELETE', `/api/plugins/${name}`)).status, 204);
    },
  };
}
