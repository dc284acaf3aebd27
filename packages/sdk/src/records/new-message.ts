// A new message, shared by all writers: a plugin's effect, or a person through the API.

import type { Communication, Reference } from '@medplum/fhirtypes';

type Person = NonNullable<Communication['recipient']>[number];
type Sender = NonNullable<Communication['sender']>;

export interface NewMessage {
  readonly id?: string;
  /** FHIR id of the patient it is about. */
  readonly patient?: string;
  /** References, `Patient/1`; of types that may send or receive. */
  readonly recipients: readonly string[];
  readonly sender?: string;
  readonly topic?: string;
  readonly text: string;
  /** ISO 8601. */
  readonly at: string;
}

export function newMessage({ id, patient, recipients, sender, topic, text, at }: NewMessage): Communication {
  return {
    resourceType: 'Communication',
    ...(id && { id }),
    status: 'completed',
    ...(patient && { subject: { reference: `Patient/${patient}` } }),
    ...(topic && { topic: { text: topic } }),
    sent: at,
    recipient: recipients.map(personOf),
    ...(sender && { sender: personOf(sender) as Sender }),
    payload: [{ contentString: text }],
  };
}

// The schemas of the writers leave only types that may send or receive.
function personOf(person: string): Person {
  return { reference: person } satisfies Reference as Person;
}
