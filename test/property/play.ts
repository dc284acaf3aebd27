// Three users at work at once, and everything they were answered.

import type { Answered, AskOptions } from '../server/running-app.ts';
import { type Attempt, attemptOf, type Intent, type Table } from './attempts.ts';
import type { Practice } from './practice.ts';

/** An attempt and its answer. */
export interface Deed {
  readonly attempt: Attempt;
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the audit says what it expects of it
  readonly answer: any;
  /** How many deeds were answered when it was begun: all before that were known to have happened. */
  readonly begun: number;
  /** Of a refusal: the chart's version soon after. */
  readonly chartVersion?: number;
}

export interface Played {
  readonly patient: string;
  readonly notes: readonly string[];
  readonly medications: readonly string[];
  /** In the order in which they were answered. */
  readonly deeds: readonly Deed[];
}

/** Each user tries what their script says, one after another. */
export async function play(practice: Practice, scripts: readonly (readonly Intent[])[]): Promise<Played> {
  const { patient, table } = await setTable(practice);
  const deeds: Deed[] = [];
  await Promise.all(
    practice.users.map(async (token, user) => {
      for (const [n, meant] of (scripts[user] ?? []).entries()) {
        const attempt = attemptOf(meant, table, user, n);
        const begun = deeds.length;
        const { status, json } = await send(practice, token, attempt);
        const refused = status >= 400 ? { chartVersion: await chartVersionOf(practice, patient) } : {};
        deeds.push({ attempt, status, answer: json, begun, ...refused });
        learn(table, attempt, status, json);
      }
    }),
  );
  await practice.settled();
  return { patient, notes: table.notes, medications: table.medications, deeds };
}

async function setTable(practice: Practice): Promise<{ patient: string; table: Table }> {
  const patient = await practice.create({ resourceType: 'Patient', name: [{ family: 'Everyman' }] });
  const subject = { reference: `Patient/${patient}` };
  const medication = (text: string) =>
    practice.create({
      resourceType: 'MedicationStatement',
      status: 'active',
      medicationCodeableConcept: { text },
      subject,
    });
  const note = async () => (await practice.app.ask('POST', '/api/notes', { body: { patient } })).json.id as string;
  return {
    patient,
    table: {
      notes: [await note(), await note()],
      medications: [await medication('lisinopril'), await medication('metformin')],
      organization: await practice.create({ resourceType: 'Organization', name: 'Corner Cardiology' }),
      commands: [],
    },
  };
}

function send({ app }: Practice, token: string, attempt: Attempt): Promise<Answered> {
  const post = (path: string, body: AskOptions['body'] = {}) => app.ask('POST', path, { token, body });
  switch (attempt.what) {
    case 'originate':
      return post(`/api/notes/${attempt.note}/commands`, { command: attempt.command, fields: attempt.fields });
    case 'edit': {
      const { id, fields, version } = attempt;
      return app.ask('PATCH', `/api/commands/${id}`, { token, body: { fields, version } });
    }
    case 'delete':
      return app.ask('DELETE', `/api/commands/${attempt.id}`, { token, body: { version: attempt.version } });
    case 'commit':
    case 'enter-in-error':
      return post(`/api/commands/${attempt.id}/${attempt.what}`, { version: attempt.version });
    case 'action':
      return post(`/api/commands/${attempt.id}/actions/${attempt.action}`);
    default:
      return post(
        `/api/notes/${attempt.note}/${attempt.what}`,
        attempt.what === 'unlock' ? { reason: 'More to say' } : {},
      );
  }
}

async function chartVersionOf({ app }: Practice, patient: string): Promise<number> {
  const { items } = (await app.ask('GET', `/api/events?patient=${patient}&order=desc&limit=1`)).json;
  return items[0].chartVersion;
}

function learn({ commands }: Table, attempt: Attempt, status: number, answer: Deed['answer']): void {
  if (status === 201) commands.push({ id: answer.id, command: answer.command, version: answer.version });
  if (status !== 200 || !('id' in attempt)) return;
  const known = commands.find(({ id }) => id === attempt.id);
  if (known) known.version = Math.max(known.version, answer.version);
  const { originated } = answer;
  if (originated) commands.push({ id: originated.id, command: originated.command, version: originated.version });
}
