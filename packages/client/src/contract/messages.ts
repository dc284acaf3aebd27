// /api/messages: messages between patients and the practice, one thread per patient.

import { type Static, Type } from 'typebox';
import { SendMessage } from '@chartwire/sdk/internal/effects/message';
import { After, FhirId, limit, only, orNull, pageOf, Time } from './parameters.ts';
import { row } from './row.ts';

export const MessageShape = Type.Object({
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

export const MESSAGES = {
  threads: row({
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
  }),
  list: row({
    method: 'GET',
    path: '/api/messages/:patient',
    operation: 'messages.list',
    summary: 'The messages of a patient’s thread, newest first',
    needs: 'Communication.r',
    params: OfPatient,
    query: only({ after: After, limit: limit(50, 200) }),
    answer: { status: 200, description: 'A page of messages.', schema: pageOf(MessageShape) },
  }),
  send: row({
    method: 'POST',
    path: '/api/messages',
    operation: 'messages.send',
    summary: 'Writes to a patient',
    needs: 'Communication.c',
    idempotent: true,
    body: only({ patient: FhirId, topic, text }),
    answer: { status: 201, description: 'The message.', schema: MessageShape },
  }),
  read: row({
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
  }),
};
