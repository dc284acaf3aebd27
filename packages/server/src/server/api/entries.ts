// What the routes of notes and commands share: how both are shown, whose chart is touched, and conflicts with both sides.

import { type Static, type TProperties, Type } from 'typebox';
import type { ChartReader, Origin, Written } from '#chart/contract.ts';
import type { ChartDraft, Check } from '#chart/draft.ts';
import { type StoredEntry, storedEntry } from '#chart/entries-of.ts';
import type { EntryType } from '#chart/entry.ts';
import type { Score } from '#chart/questionnaires/score.ts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { Coding } from '@chartwire/sdk/internal/kit/schema';
import {
  Action,
  COMMAND_LIFECYCLE,
  EnteredInError,
  Made,
  Override,
  Unanswered,
} from '@chartwire/sdk/internal/records/command-entry';
import { NOTE_STATES, NoteLine } from '@chartwire/sdk/internal/records/note';
import {
  type Addendum,
  COSIGNATURE_STATES,
  type CosignatureRequest,
  STEPS,
} from '@chartwire/sdk/internal/records/signatures';
import type { Call } from '../route.ts';
import type { Services } from '../services.ts';
import { FhirId, orNull, Time } from './parameters.ts';
import { Actor, Check as Told } from './shapes.ts';

/** A body or query with these members and no others. */
export const only = <const P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

export const Named = only({ id: FhirId });
/** The version that the caller saw. Without it the change is made to whatever is there. */
export const Version = Type.Optional(Type.Integer({ minimum: 1, description: 'The version you saw.' }));
/** Edits of a command leave the version of its note as it is. */
export const SeenCommands = Type.Optional(
  Type.Record(FhirId, Type.Integer({ minimum: 1 }), {
    additionalProperties: false,
    maxProperties: 1_000,
    description:
      'The version you saw of each command of the note, by id: refuses the signature when one was changed, added or taken away since.',
  }),
);
export const Fields = Type.Record(Type.String(), Type.Unknown(), {
  description: 'By name. An option by its value alone will do; null takes a field away.',
});
export const Overrides = Type.Optional(
  Type.Array(
    only({
      check: Type.String({ minLength: 1, maxLength: 255, description: '`plugin/Handler`, as in `checks`.' }),
      reason: Type.String({ minLength: 1, maxLength: 1_000, pattern: '\\S', description: 'Kept and shown.' }),
    }),
    { maxItems: 50, description: 'Answers to checks that ask for confirmation.' },
  ),
);

const ResultShape = Type.Object({
  id: Type.String({ description: 'Of the Observation.' }),
  code: orNull(Coding),
  score: orNull(Type.Number()),
  abnormal: orNull(Type.Boolean()),
  narrative: orNull(Type.String()),
});

/** By the scoring of a shipped questionnaire. */
export const ScoreShape = Type.Object({
  interview: Type.String({ ...FhirId, description: 'The answers, a QuestionnaireResponse.' }),
  name: Type.String({ description: '`PHQ-9`' }),
  code: Type.String({ description: 'LOINC’s, of the total score.' }),
  at: orNull(Type.String()),
  score: orNull(Type.Number({ description: 'Null while a question that counts is not answered.' })),
  sum: Type.Number({ description: 'Of the answers there are.' }),
  max: Type.Number(),
  answered: Type.Integer(),
  asked: Type.Integer({ description: 'Questions that count and are asked, given the other answers.' }),
  band: orNull(Type.String({ description: 'What the score means: `severe depression`.' })),
  abnormal: Type.Boolean(),
  critical: Type.Array(Type.Object({ question: Type.String(), answer: Type.String() }), {
    description: 'Answers that call for action whatever the score is.',
  }),
});

/** As an answer of the API holds it. */
export function scoreView({ critical, ...score }: Score): Static<typeof ScoreShape> {
  return { ...score, critical: [...critical] };
}

export const CommandShape = Type.Object({
  id: FhirId,
  command: Type.String({ description: 'Key of its type: `prescribe`.' }),
  state: Type.Enum(Object.keys(COMMAND_LIFECYCLE)),
  fields: Type.Record(Type.String(), Type.Unknown()),
  note: FhirId,
  patient: FhirId,
  version: Type.Integer(),
  made: Type.Array(Made, { description: 'The records its commit wrote.' }),
  overrides: Type.Array(Override),
  unanswered: Type.Array(Unanswered, { description: 'Checks that did not run, and what was done all the same.' }),
  enteredInError: Type.Optional(EnteredInError),
  actions: Type.Array(Action, { description: 'What was done with it, oldest first.' }),
  results: Type.Optional(Type.Array(ResultShape, { description: 'What the answers to a questionnaire came to.' })),
  scores: Type.Optional(
    Type.Array(ScoreShape, { description: 'Of a questionnaire that ships: score, meaning and critical answers.' }),
  ),
  checks: Type.Optional(Type.Array(Told, { description: 'What plugins said to this very request.' })),
});
export type CommandShape = Static<typeof CommandShape>;

const Reason = orNull(Type.String({ description: 'In the words of whoever did it.' }));
const OfNote = { description: 'Of the note: GET /api/notes/:id/versions/:version is what was signed.' };

export const SignatureShape = Type.Object({
  by: Actor,
  at: Time,
  role: Type.String({ description: '`author`, `co-author`, `co-signer`, or another of the practice’s own.' }),
  version: Type.Integer(OfNote),
});

export const StepShape = Type.Object({
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

/** A patient's chart, by whose it is. */
export const ChartName = Type.Object({ id: FhirId, name: orNull(Type.String()) });

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

export function commandView({ entry, version }: StoredEntry<'Command'>, checks: readonly Check[] = []): CommandShape {
  const { id, command, state, fields, note, patient } = entry;
  const { made, overrides, unanswered = [], enteredInError, actions } = entry;
  const kept = { made, overrides, unanswered, ...(enteredInError && { enteredInError }), actions };
  const told = checks.length > 0 ? { checks: [...checks] as CommandShape['checks'] & {} } : {};
  return { id, command, state, fields, note, patient, version, ...kept, ...told };
}

/** A command as it is shown by itself or in its note: with what the answers to its questions came to. */
export async function commandWithResults(
  { lists }: ChartReader,
  command: StoredEntry<'Command'>,
  checks: readonly Check[] = [],
): Promise<CommandShape> {
  const { entry } = command;
  const [results, scores] = await Promise.all([lists.resultsOf(entry), lists.scoresOf([entry])]);
  const scored = scores.get(entry.id) ?? [];
  return {
    ...commandView(command, checks),
    ...(results.length > 0 && { results: results as CommandShape['results'] & {} }),
    ...(scored.length > 0 && { scores: scored.map(scoreView) }),
  };
}

export function noteView({ entry, version }: StoredEntry<'Note'>): NoteShape {
  const { id, patient, encounter, title, type, state, body, createdAt, lockedAt, signedAt, signedBy } = entry;
  return {
    id,
    patient,
    encounter,
    title,
    type,
    state,
    body,
    author: entry.author as NoteShape['author'],
    createdAt,
    lockedAt: lockedAt ?? null,
    signedAt: signedAt ?? null,
    signedBy: (signedBy as NoteShape['signedBy']) ?? null,
    signatures: (entry.signatures ?? []) as NoteShape['signatures'],
    history: (entry.history ?? []).map((step) => ({ ...step, reason: step.reason ?? null })) as NoteShape['history'],
    addenda: (entry.addenda ?? []).map(addendumView),
    cosignatureRequests: (entry.cosignatureRequests ?? []).map(requestView),
    version,
  };
}

export function addendumView({ enteredInError, ...addendum }: Addendum): AddendumShape {
  return { ...addendum, enteredInError: enteredInError ?? null } as AddendumShape;
}

export function requestView({ message, ended, ...request }: CosignatureRequest): CosignatureRequestShape {
  return {
    ...request,
    message: message ?? null,
    ended: ended ? { ...ended, reason: ended.reason ?? null } : null,
  } as CosignatureRequestShape;
}

type Entering = Pick<Call, 'access' | 'concerns'>;

/** Of what was not written just now. */
export const UNWRITTEN: Written = { versions: [], unchanged: [], events: [] };

/** The note or command of the path; whose it is is told to the audit trail. */
export async function entered<T extends EntryType>(
  call: Entering,
  { chart }: Pick<Services, 'chart'>,
  type: T,
  id: string,
): Promise<StoredEntry<T>> {
  const { lists } = chart.reader(originOf(call));
  const found = await lists.entry(type, id);
  if (!found) throw notFound(type, id);
  call.concerns(found.entry.patient);
  return found;
}

export function originOf({ access }: Pick<Call, 'access'>, note?: string): Origin {
  const { actor, purpose, disclose } = access;
  return {
    actor,
    source: 'api',
    authority: access,
    trail: access.trail(),
    ...(purpose !== undefined && { purpose }),
    disclose,
    ...(note !== undefined && { note }),
  };
}

/** What was written of one entry; when nothing of it was, as it was found. */
export async function afterwards<T extends EntryType>(
  reader: ChartReader,
  written: Written,
  type: T,
  id: string,
): Promise<StoredEntry<T>> {
  const found = storedEntry(type, await reader.afterwards(written, type, id));
  if (!found) throw new Error(`${type}/${id} is gone though it was just changed`);
  return reader.lists.withEarlier(found);
}

/** What the checks said of a command in this unit of work. */
export function checksOf(draft: ChartDraft, id: string): readonly Check[] {
  return draft.records.find((record) => record.type === 'Command' && record.id === id)?.checks ?? [];
}

/** The same in a draft, whose reads it shares. */
async function enteredIn<T extends EntryType>(call: Entering, draft: ChartDraft, type: T, id: string): Promise<void> {
  const entry = await draft.entry(type, id);
  if (!entry) throw notFound(type, id);
  call.concerns(entry.patient);
}

function notFound(type: EntryType, id: string): Refusal {
  return new Refusal(type === 'Note' ? 'note.not-found' : 'command.not-found', { id });
}

/** What is to be changed, from which version if the caller named one, and to what, for the answer to a conflict. */
interface Target {
  readonly type: EntryType;
  readonly id: string;
  readonly version: number | undefined;
  readonly proposed: unknown;
  /** What is about to be done with it. */
  readonly permission: 'u' | 'd';
}

/**
 * Changes an entry, in a chart that the caller may enter. A conflict is 409 with both sides: what the entry is by now,
 * and what the caller proposed.
 */
export async function changing<R>(
  call: Entering,
  services: Pick<Services, 'chart'>,
  target: Target,
  work: (draft: ChartDraft, origin: Origin) => Promise<R>,
): Promise<{ result: R; written: Written }> {
  const { type, id, version, permission } = target;
  const origin = originOf(call);
  try {
    return await services.chart.withChart(origin, async (draft) => {
      await enteredIn(call, draft, type, id);
      // What may not be changed isn't told of, and a gate isn't asked about it.
      await draft.implied(type, permission).claim(type, id, 'u');
      // Before any gate is asked about a proposal that cannot stand.
      if (version !== undefined && (await draft.versionOf(type, id)) !== version)
        throw await conflict(services.chart.reader(origin), target);
      return work(draft, origin);
    });
  } catch (error) {
    const lost = error instanceof Refusal && ['record.conflict', 'record.version-mismatch'].includes(error.code);
    const ours = lost && error.values.reference === `${type}/${id}` && error.extensions.current === undefined;
    throw ours ? await conflict(services.chart.reader(origin), target) : error;
  }
}

async function conflict(reader: ChartReader, { type, id, proposed }: Target): Promise<Refusal> {
  const now = storedEntry(type, await reader.afterwards(UNWRITTEN, type, id));
  if (!now) return notFound(type, id);
  const { entry, version } = await reader.lists.withEarlier(now);
  const current = entry.resourceType === 'Note' ? noteView({ entry, version }) : commandView({ entry, version });
  return new Refusal('record.conflict', { reference: `${type}/${id}`, actual: version }, [], { current, proposed });
}
