// Plugins that answer the load: each task says which event it answers.

import { packageOf } from '../support/core.ts';
import { TOKEN } from './servers.ts';

export interface TrialPlugin {
  readonly name: string;
  readonly source: string;
  readonly scopes?: string[];
  readonly more?: object;
}

const SCOPES = ['patient/Task.crs'];

const handler = (types: string, body: string): string => `
  import { BaseProtocol, createTask, EventType } from 'chartwire/sdk';
  export class Answer extends BaseProtocol {
    static RESPONDS_TO = [${types
      .split(' ')
      .map((type) => `EventType.${type}`)
      .join(', ')}];
    async compute() {
      const { id, patient } = this.event;
      ${body}
    }
  }`;

const ALL = 'PATIENT_CREATED PATIENT_UPDATED OBSERVATION_CREATED';
const ONE_TASK = "return [createTask({ title: 'echo ' + id, patient })];";

/** One task for each event. */
export const ECHO: TrialPlugin = { name: 'echo', scopes: SCOPES, source: handler(ALL, ONE_TASK) };

/** Two tasks for each event of the chart that everybody writes to: both or neither. */
export const PAIR: TrialPlugin = {
  name: 'pair',
  scopes: SCOPES,
  source: handler(
    'OBSERVATION_CREATED',
    "return [1, 2].map((n) => createTask({ title: 'pair ' + n + ' of ' + id, patient }));",
  ),
};

/** Fails at every new patient, and is given up at the second failure. */
export const FAILING: TrialPlugin = {
  name: 'failing',
  source: handler('PATIENT_CREATED', "throw new Error('never ' + id + patient);"),
  more: { delivery: { retries: 1 } },
};

export async function install(url: string, plugin: TrialPlugin): Promise<void> {
  const answer = await fetch(`${url}/api/plugins/${plugin.name}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/gzip' },
    body: new Uint8Array(await packageOf(plugin)),
  });
  if (answer.status !== 200) throw new Error(`${plugin.name} was not installed: ${await answer.text()}`);
}

export async function remove(url: string, { name }: TrialPlugin): Promise<void> {
  const answer = await fetch(`${url}/api/plugins/${name}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  if (!answer.ok) throw new Error(`${name} was not removed: ${await answer.text()}`);
}
