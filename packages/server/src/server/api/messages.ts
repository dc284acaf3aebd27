// /api/messages: messages between patients and the practice, one thread per patient.

import type { Communication } from '@medplum/fhirtypes';
import { authorOf } from '#chart/commands/desk.ts';
import type { ChartDraft } from '#chart/draft.ts';
import { MESSAGES, type MessageShape } from '@chartwire/client/internal/contract/messages';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Actor } from '@chartwire/sdk/internal/kit/event';
import { newMessage } from '@chartwire/sdk/internal/records/new-message';
import type { Shown } from '#store/charts.ts';
import { unreadOf } from '#store/messages.ts';
import { once } from '../idempotency.ts';
import { route, type RoutesOf } from '../route.ts';
import { originOf, UNWRITTEN } from './entries.ts';
import { conceptText, Names, personName } from './names.ts';

/** A message keeps its place by when it was sent, even after it is read. */
const SHOWN: readonly Shown[] = [{ type: 'Communication', dates: ['sent'], without: ['status=|entered-in-error'] }];

export const MESSAGE_ROUTES: RoutesOf<typeof MESSAGES> = {
  threads: route(
    MESSAGES.threads,
    async (call, { chart }) => {
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
    { patients: ({ items }) => items.map(({ patient }) => patient.id) },
  ),
  list: route(MESSAGES.list, async (call, { chart }) => {
    const { patient } = call.params;
    call.concerns(patient);
    const reader = chart.reader(originOf(call));
    const { after, limit: size = 50 } = call.query;
    const { items, next } = await reader.lists.messages(patient, SHOWN, { limit: size, ...(after && { after }) });
    const messages = items.map(({ record, id }) => ({ ...(record as Communication), id }));
    const names = await Names.of(
      reader,
      messages.map(({ sender }) => sender?.reference),
    );
    return { items: messages.map((message) => viewOf(message, names)), next };
  }),
  send: route(MESSAGES.send, (call, { chart, store }) => {
    const { patient } = call.body;
    call.concerns(patient);
    const reader = chart.reader(originOf(call));
    return once(call, { store }, 'messages.send', async (turn) => {
      const id = turn.id(0);
      const made = id && (await reader.afterwards(UNWRITTEN, 'Communication', id))?.record;
      const message =
        made ||
        (
          await chart.withChart(originOf(call), async (draft) =>
            sendTo(draft, call.access.actor, { ...call.body, ...(id && { id }) }),
          )
        ).result;
      return viewOf(message, await Names.of(reader, [message.sender?.reference]));
    });
  }),
  read: route(MESSAGES.read, async (call, { chart, store }) => {
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
  }),
};

/** Sends a message to a patient from the caller. */
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
