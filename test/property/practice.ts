// Where the property test plays: a server, three users with tokens of their own, and two plugins that join in.

import type { Resource } from '@medplum/fhirtypes';
import { until } from '../support/core.ts';
import { charting } from '../server/charting.ts';
import { type RunningApp, runApp } from '../server/running-app.ts';

export interface Practice {
  readonly app: RunningApp;
  /** Tokens of the three users. */
  readonly users: readonly string[];
  create(record: Resource): Promise<string>;
  /** Waits until nothing is owed to a plugin. */
  settled(): Promise<void>;
}

export const READER = 'second-reader';
export const ANSWERER = 'answerer';

// A gate that amends, also a field that the patch does not name. `amendedBy` reckons the same for the audit.
const READER_SOURCE = `
import { amend, BaseProtocol, EventType } from 'chartwire/sdk';

export class Reader extends BaseProtocol {
  static RESPONDS_TO = [EventType.PRE_COMMAND_UPDATE];

  compute() {
    const { command, proposed, changed } = this.event.context;
    if (command.key === 'plan' && proposed.narrative && changed.includes('narrative')) return [amend({ narrative: proposed.narrative + ' (read)' })];
    if (command.key === 'diagnose' && proposed.background && changed.includes('background'))
      return [amend({ todayAssessment: 'in view of ' + proposed.background })];
    return [];
  }
}`;

export function amendedBy(command: string, patch: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (command === 'plan' && patch.narrative) return { narrative: `${patch.narrative} (read)` };
  if (command === 'diagnose' && patch.background) return { todayAssessment: `in view of ${patch.background}` };
  return {};
}

/** The field that the answering plugin writes, by command. */
export const ANSWERED: Readonly<Record<string, string>> = {
  diagnose: 'background',
  refer: 'internalComment',
  stopMedication: 'rationale',
  task: 'comment',
};

const ANSWERER_SOURCE = `
import { BaseProtocol, diagnose, EventType, refer, stopMedication, task } from 'chartwire/sdk';

const BUILDERS = { diagnose, refer, stopMedication, task };
const FIELDS = ${JSON.stringify(ANSWERED)};

export class Answerer extends BaseProtocol {
  static RESPONDS_TO = [EventType.POST_COMMAND_ORIGINATE, EventType.POST_COMMAND_UPDATE];

  compute() {
    const { id, actor, context } = this.event;
    const { id: command, key } = context.command;
    if (actor.type === 'plugin' || !(key in FIELDS)) return [];
    return [BUILDERS[key].edit({ command, fields: { [FIELDS[key]]: 'answer to ' + id } })];
  }
}`;

const SCOPES = ['user/Note.cruds', 'user/Command.cruds', 'user/*.r', 'system/chartwire.unlock'];

export async function openPractice(): Promise<Practice> {
  const app = await runApp();
  const { install } = charting(app);
  await install(READER, READER_SOURCE);
  await install(ANSWERER, ANSWERER_SOURCE, { scopes: ['patient/Command.u'] });
  return {
    app,
    users: await Promise.all([1, 2, 3].map(() => app.tokenFor(SCOPES))),
    async create(record) {
      const { status, json, text } = await app.ask('POST', `/fhir/R4/${record.resourceType}`, { body: record });
      if (status !== 201) throw new Error(text);
      return json.id;
    },
    settled: () =>
      until(async () => {
        const { items } = (await app.ask('GET', '/api/deliveries?limit=500')).json;
        return items.every(({ state }: { state: string }) => state === 'dead');
      }),
  };
}
