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

/** Whether an event is among one in sixteen: ids end in random digits. */
const ONE_IN_16 = "id.endsWith('7')";

/** Fails at every new patient, and is given up at the second failure. */
export const FAILING: TrialPlugin = {
  name: 'failing',
  source: handler('PATIENT_CREATED', "throw new Error('never ' + id + patient);"),
  more: { delivery: { retries: 1 } },
};

/** Well-behaved and otherwise. What some refuse becomes a dead letter at once. */
export const ZOO: readonly TrialPlugin[] = [
  ECHO,
  PAIR,
  {
    name: 'slow',
    scopes: SCOPES,
    source: handler(
      'OBSERVATION_CREATED',
      `for (let n = 0; n < 8; n++) await this.data.search('Task', 'patient=' + patient + '&_count=20');
      return [createTask({ title: 'slow ' + id, patient })];`,
    ),
  },
  {
    name: 'crashing',
    scopes: SCOPES,
    source: handler(ALL, `if (${ONE_IN_16}) throw new Error('not this one'); ${ONE_TASK}`),
    more: { delivery: { retries: 1 } },
  },
  {
    name: 'looping',
    scopes: SCOPES,
    source: handler(ALL, `if (${ONE_IN_16}) for (;;); ${ONE_TASK}`),
    more: { limits: { stepMs: 10 }, delivery: { retries: 0 } },
  },
  {
    name: 'huge',
    scopes: SCOPES,
    source: handler(
      'PATIENT_UPDATED',
      `const many = ${ONE_IN_16} ? 40 : 1;
      return Array.from({ length: many }, (_, n) =>
        createTask({ title: 'huge ' + n + ' of ' + id, patient, comment: 'x'.repeat(many === 1 ? 10 : 4000) }));`,
    ),
  },
  {
    name: 'refused',
    scopes: SCOPES,
    source: handler(ALL, `return [createTask({ title: ${ONE_IN_16} ? '' : 'refused ' + id, patient })];`),
  },
  {
    name: 'elsewhere',
    scopes: [],
    source: handler(ALL, ONE_TASK),
  },
];

/** A gate that refuses one word. */
export const GATE: TrialPlugin = {
  name: 'gate',
  source: `import { BaseProtocol, EventType, refuse } from 'chartwire/sdk';
    export class Gate extends BaseProtocol {
      static RESPONDS_TO = [EventType.PLAN_COMMAND__PRE_COMMIT];
      compute() {
        return this.event.context.fields.narrative === 'forbidden' ? [refuse('Not here.')] : [];
      }
    }`,
  more: { gates: { policy: 'block' } },
};

/** Asks a server for each event before it answers, as one that reports to a registry does. */
export const httpPlugin = (address: string): TrialPlugin => ({
  name: 'http',
  scopes: SCOPES,
  source: handler(
    'PATIENT_UPDATED',
    `const answer = await this.http.get('http://${address}/' + id);
      if (answer.status !== 200) throw new Error('the registry is away');
      ${ONE_TASK}`,
  ),
  more: { network: [address] },
});

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
