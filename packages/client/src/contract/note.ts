// A note as the API shows it, by itself and with its commands.

import { type Static, Type } from 'typebox';
import { NOTE_STATES, NoteLine } from '@chartwire/sdk/internal/records/note';
import { COSIGNATURE_STATES, STEPS } from '@chartwire/sdk/internal/records/signatures';
import { Actor } from './actor.ts';
import { ChartName } from './chart-name.ts';
import { CommandShape } from './command.ts';
import { FhirId, orNull, Time } from './parameters.ts';

/** Editing a command doesn't change its note's version. */
export const SeenCommands = Type.Optional(
  Type.Record(FhirId, Type.Integer({ minimum: 1 }), {
    additionalProperties: false,
    maxProperties: 1_000,
    description:
      'The version you saw of each command of the note, by id: refuses the signature when one was changed, added or taken away since.',
  }),
);

const Reason = orNull(Type.String({ description: 'In the words of whoever did it.' }));

const OfNote = { description: 'Of the note: GET /api/notes/:id/versions/:version is what was signed.' };

const SignatureShape = Type.Object({
  by: Actor,
  at: Time,
  role: Type.String({ description: '`author`, `co-author`, `co-signer`, or another of the practice’s own.' }),
  version: Type.Integer(OfNote),
});

const StepShape = Type.Object({
  what: Type.Enum([...STEPS]),
  by: Actor,
  at: Time,
  version: Type.Integer({ description: 'Of the note, that it made.' }),
  reason: Reason,
});

export const AddendumShape = Type.Object({
  id: FhirId,
  by: Actor,
  at: Time,
  text: Type.String(),
  enteredInError: orNull(Type.Object({ by: Actor, at: Time, reason: Type.String() })),
});
export type AddendumShape = Static<typeof AddendumShape>;

export const CosignatureRequestShape = Type.Object({
  id: FhirId,
  of: Type.Object({ practitioner: FhirId, display: Type.Optional(Type.String()) }, { description: 'Who is asked.' }),
  by: Actor,
  at: Time,
  message: orNull(Type.String()),
  state: Type.Enum([...COSIGNATURE_STATES]),
  ended: orNull(Type.Object({ by: Actor, at: Time, reason: Reason })),
});
export type CosignatureRequestShape = Static<typeof CosignatureRequestShape>;

export const NoteShape = Type.Object({
  id: FhirId,
  patient: FhirId,
  encounter: orNull(FhirId),
  title: Type.String(),
  type: Type.String(),
  state: Type.Enum([...NOTE_STATES]),
  body: Type.Array(NoteLine),
  author: Actor,
  createdAt: Time,
  lockedAt: orNull(Time),
  signedAt: orNull(Time),
  signedBy: orNull(Actor, { description: 'The first who signed the text as it is; null while nobody has.' }),
  signatures: Type.Array(SignatureShape, { description: 'All that there ever were, oldest first.' }),
  history: Type.Array(StepShape, { description: 'How it was locked, unlocked, deleted and restored, oldest first.' }),
  addenda: Type.Array(AddendumShape, { description: 'Oldest first.' }),
  cosignatureRequests: Type.Array(CosignatureRequestShape, { description: 'Oldest first.' }),
  version: Type.Integer(),
});
export type NoteShape = Static<typeof NoteShape>;

const Commands = Type.Array(CommandShape, { description: 'In the order of the body.' });

export const NoteWithCommands = Type.Object({
  ...NoteShape.properties,
  commands: Commands,
  mergedFrom: orNull(ChartName, {
    description: 'The chart that it was written in, where that was merged into this one.',
  }),
});

export const NoteAtVersion = Type.Object({
  ...NoteShape.properties,
  commands: Commands,
  at: Type.String({ format: 'date-time', description: 'When the version was written.' }),
});
