// Messages between patients and staff.

import { Type } from 'typebox';
import type { Draft } from '#kit/draft.ts';
import { parseReference } from '#kit/ids.ts';
import { closed, fhirId, reference, text } from '#kit/schema.ts';
import { newMessage } from '#records/new-message.ts';
import { defineEffect, needs } from './definition.ts';
import { existing, refused } from './existing.ts';

const PEOPLE = ['Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'Organization', 'CareTeam'];

export const SendMessage = defineEffect({
  type: 'SEND_MESSAGE',
  summary:
    'Writes to a patient or to staff. About a patient, it goes to no other patient and to nobody of another patient’s.',
  writes: 'A completed Communication, sent now.',
  payload: closed({
    patient: Type.Optional(fhirId('whom it is about')),
    recipients: Type.Array(reference(PEOPLE, 'as Patient/1'), { minItems: 1, maxItems: 50, uniqueItems: true }),
    sender: Type.Optional(
      reference(['Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'Organization'], 'as Practitioner/1'),
    ),
    topic: Type.Optional(text(200)),
    text: text(20_000),
  }),
  example: {
    patient: 'p1',
    recipients: ['Patient/p1'],
    sender: 'Practitioner/d1',
    topic: 'Your results',
    text: 'Your results are in. Please call us.',
  },
  scopes: () => needs('Communication', 'c'),
  async apply({ patient, recipients, sender, topic, text: content }, draft) {
    if (patient) for (const person of recipients) await refuseStranger(person, patient, draft);
    const { id } = draft.create(newMessage({ patient, recipients, sender, topic, text: content, at: draft.at }));
    return [`Communication/${id}`];
  },
});

async function refuseStranger(recipient: string, patient: string, draft: Draft): Promise<void> {
  const { type, id } = parseReference(recipient)!;
  if (type === 'Patient' && id !== patient)
    throw refused('SEND_MESSAGE', `${recipient} is not the patient it is about`);
  if (type !== 'RelatedPerson') return;
  const related = await existing(draft, 'SEND_MESSAGE', 'RelatedPerson', id);
  if (parseReference(related.patient.reference)?.id !== patient) {
    throw refused('SEND_MESSAGE', `${recipient} is of another patient`);
  }
}
