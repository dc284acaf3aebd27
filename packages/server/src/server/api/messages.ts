// /api/messages: what patients and the practice write to each other, a thread a patient.

import type { Communication } from '@medplum/fhirtypes';
import { type Static, Type } from 'typebox';
import { authorOf } from '#chart/commands/desk.ts';
import type { ChartDraft } from '#chart/draft.ts';
import { SendMessage } from '@chartwire/sdk/internal/effects/message';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Actor } from '@chartwire/sdk/internal/kit/event';
import { newMessage } from '@chartwire/sdk/internal/records/new-message';
import type { Shown } from '#store/charts.ts';
import { unreadOf } from '#store/messages.ts';
import { once } from '../idempotency.ts';
import { type Route, route } from '../route.ts';
import { only, originOf, UNWRITTEN } from './entries.ts';
import { conceptText, Names, personName } from './names.ts';
import { After, FhirId, limit, orNull, pageOf, Time } from './parameters.ts';

const MessageShape = Type.Object({
  id: FhirId,
  at: Time,
  fromPatient: Type.Boolean({ description: 'Of the patient, or of who speaks for them.' }),
  author: orNull(Type.String()),
  topic: orNull(Type.String()),
  text: Type.String(),
  read: orNull(Type.String({ description: 'When somebody saw a message of the patient.' })),
});
export type MessageShape = Static<typeof MessageShape>;

const ThreadShape = Type.Object({
  patient: Type.Object({ id: FhirId, name: orNull(Type.String()) }),
  messages: Type.Integer(),
  unread: Type.Integer({ description: 'Messages of the patient that nobody has read.' }),
  unanswered: Type.Boolean({ description: 'The last message is the patient’s.' }),
  last: MessageShape,
});
export type ThreadShape = Static<typeof ThreadShape>;

const OfPatient = only({ patient: FhirId });
const { text, topic } = SendMessage.payload.properties;
/** A message stays where it was sent, also when it is read. */
const SHOWN: readonly Shown[] = [{ type: 'Communication', dates: ['sent'], without: ['status=|entered-in-error'] }];

export const MESSAGE_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/messages',
    operation: 'messages.threads',
    summary: 'The threads of all patients, that with the latest message first',
    needs: 'Communication.s',
    query: only({
      only: Type.Optional(Type.Enum(['unread', 'unanswered'])),
      after: After,
      limit: limit(50, 200),
    }),
    answer: { status: 200, description: 'A page of threads.', schema: pageOf(ThreadShape) },
    handle: async (call, { chart }) => {
      const reader = chart.reader(originOf(call));
      const { only, after, limit: size = 50 } = call.query;
      const narrowed = { ...(only && { only }), ...(after !== undefined && { after }) };
      const { items, next } = await reader.lists.threads({ limit: size, ...narrowed });
      const names = await Names.of(
        reader,
        items.flatMap(({ patient, last }) => [`Patient/${patient}`, last.sender?.reference]),
      );
      return {
        items: items.map(({ patient, last, ...thread }) => ({
          patient: { id: patient, name: personName(names.patient(patient)?.name) },
          ...thread,
          last: viewOf(last, names),
        })),
        next,
      };
    },
    patients: ({ items }) => items.map(({ patient }) => patient.id),
  }),
  route({
    method: 'GET',
    path: '/api/messages/:patient',
    operation: 'messages.list',
    summary: 'The messages of a patient’s thread, newest first',
    needs: 'Communication.r',
    params: OfPatient,
    query: only({ after: After, limit: limit(50, 200) }),
    answer: { status: 200, description: 'A page of messages.', schema: pageOf(MessageShape) },
    handle: async (call, { chart }) => {
      const { patient } = call.params;
      call.concerns(patient);
      const reader = chart.reader(originOf(call));
      const { after, limit: size = 50 } = call.query;
      const { items, next } = await reader.lists.messages(patient, SHOWN, { limit: size, ...(after && { after }) });
      const messages = items.map(({ resource, id }) => ({ ...(resource as Communication), id }));
      const names = await Names.of(
        reader,
        messages.map(({ sender }) => sender?.reference),
      );
      return { items: messages.map((message) => viewOf(message, names)), next };
    },
  }),
  route({
    method: 'POST',
    path: '/api/messages',
    operation: 'messages.send',
    summary: 'Writes to a patient',
    needs: 'Communication.c',
    idempotent: true,
    body: only({ patient: FhirId, topic, text }),
    answer: { status: 201, description: 'The message.', schema: MessageShape },
    handle: (call, { chart, store }) => {
      const { patient } = call.body;
      call.concerns(patient);
      const reader = chart.reader(originOf(call));
      return once(call, { store }, 'messages.send', async (turn) => {
        const id = turn.id(0);
        const made =
          id && ((await reader.afterwards(UNWRITTEN, 'Communication', id))?.resource as Communication | undefined);
        const message =
          made ||
          (
            await chart.withChart(originOf(call), async (draft) =>
              sendTo(draft, call.access.actor, { ...call.body, ...(id && { id }) }),
            )
          ).result;
        return viewOf(message, await Names.of(reader, [message.sender?.reference]));
      });
    },
  }),
  route({
    method: 'POST',
    path: '/api/messages/:patient/read',
    operation: 'messages.read',
    summary: 'Marks the messages of a patient as read, by the practice',
    needs: 'Communication.u',
    params: OfPatient,
    answer: {
      status: 200,
      description: 'How many were not yet.',
      schema: Type.Object({ read: Type.Integer() }),
    },
    handle: async (call, { chart, store }) => {
      const { patient } = call.params;
      call.concerns(patient);
      const { result } = await chart.withChart(originOf(call), async (draft) => {
        draft.requireReach('Communication', 'u', patient);
        const unread = await unreadOf(store.pool, patient);
        for (const id of unread) {
          const message = await draft.read('Communication', id);
          if (message && message.received === undefined) await draft.update({ ...message, id, received: draft.at });
        }
        return unread.length;
      });
      return { read: result };
    },
  }),
];

/** A message to a patient, from whoever writes it. */
export async function sendTo(
  draft: ChartDraft,
  actor: Actor,
  { id, patient, topic, text }: { id?: string; patient: string; topic?: string; text: string },
): Promise<Communication & { id: string }> {
  const reference = `Patient/${patient}`;
  if (!(await draft.read('Patient', patient))) throw new Refusal('record.not-found', { reference });
  const sender = authorOf(actor)?.reference;
  return draft.create(
    newMessage({
      ...(id && { id }),
      patient,
      recipients: [reference],
      ...(sender && { sender }),
      ...(topic && { topic }),
      text,
      at: draft.at,
    }),
  );
}

function viewOf(message: Communication, names: Names): MessageShape {
  const { id = '', sent, received, meta, sender, topic, payload } = message;
  return {
    id,
    at: sent ?? received ?? meta?.lastUpdated ?? '',
    fromPatient: /^(Patient|RelatedPerson)\//.test(sender?.reference ?? ''),
    author: names.of(sender),
    topic: conceptText(topic),
    text: payload?.flatMap(({ contentString }) => contentString ?? []).join('\n') ?? '',
    read: received ?? null,
  };
}
