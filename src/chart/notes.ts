// Notes: made with their visit, written, locked, signed, deleted and restored.

import type { Encounter } from '@medplum/fhirtypes';
import { Refusal } from '#kit/errors.ts';
import { refuseTransition } from '#kit/lifecycle.ts';
import { NOTE_LIFECYCLE, type Note, type NoteLine, type NoteState } from '#records/note.ts';
import type { Origin } from './contract.ts';
import type { ChartDraft } from './draft.ts';

const VISIT = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

export interface NewNote {
  readonly patient: string;
  readonly title?: string;
  /** `visit` unless given. A note of another type has no visit. */
  readonly type?: string;
  /** A visit that is there already, such as an appointment's; otherwise one is made, in progress. */
  readonly encounter?: string;
  readonly id?: string;
}

/** Makes a note, and its visit with it. */
export async function createNote(outside: ChartDraft, origin: Origin, wish: NewNote): Promise<Note> {
  const id = wish.id ?? outside.newId();
  const draft = outside.inNote(id);
  draft.requireReach('Note', 'c', wish.patient);
  if (!(await draft.read('Patient', wish.patient))) {
    throw new Refusal('record.not-found', { reference: `Patient/${wish.patient}` });
  }
  const { type = 'visit' } = wish;
  const { actor } = origin;
  const note: Note = {
    resourceType: 'Note',
    id,
    patient: wish.patient,
    encounter: wish.encounter ?? (type === 'visit' ? newVisit(draft.implied('Note', 'c'), wish.patient) : null),
    title: wish.title ?? 'Visit',
    type,
    state: 'open',
    body: [],
    author: { type: actor.type, id: actor.id, ...(actor.display === undefined ? {} : { display: actor.display }) },
    createdAt: draft.at,
  };
  await draft.putEntry(note, { ifVersion: 0 });
  return note;
}

function newVisit(draft: ChartDraft, patient: string): string {
  const encounter: Encounter = {
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { system: VISIT, code: 'AMB', display: 'ambulatory' },
    subject: { reference: `Patient/${patient}` },
    period: { start: draft.at },
  };
  return draft.create(encounter).id;
}

/** The note, if it takes changes; otherwise a sentence why not. */
export async function openNote(draft: ChartDraft, id: string): Promise<Note> {
  const note = await findNote(draft, id);
  if (note.state !== 'open')
    throw new Refusal('note.state', { reason: `the note is ${note.state}, and only an open one takes changes` });
  // It must not be locked meanwhile: most of what is written in a note leaves the note itself as it is.
  draft.hold('Note', id);
  return note;
}

export async function findNote(draft: ChartDraft, id: string): Promise<Note> {
  const note = await draft.entry('Note', id);
  if (!note) throw new Refusal('note.not-found', { id });
  return note;
}

/** Title and body of an open note. The body keeps every command it has; text and order are the writer's. */
export async function writeNote(
  draft: ChartDraft,
  id: string,
  change: { title?: string; body?: NoteLine[] },
  ifVersion?: number,
): Promise<Note> {
  await draft.claim('Note', id, 'u');
  const note = await openNote(draft, id);
  if (change.body) refuseLostCommands(note, change.body);
  const written = { ...note, title: change.title ?? note.title, body: change.body ?? note.body };
  await draft.putEntry(written, ifVersion === undefined ? {} : { ifVersion });
  return written;
}

function refuseLostCommands(note: Note, body: readonly NoteLine[]): void {
  const commands = (lines: readonly NoteLine[]): string[] =>
    lines.flatMap((line) => ('command' in line ? [line.command] : []));
  const [before, after] = [commands(note.body).toSorted(), commands(body).toSorted()];
  if (before.join() === after.join()) return;
  throw new Refusal('request.invalid', { reason: 'the body must hold each command of the note once, and no others' });
}

/** Locks, unlocks, signs, deletes or restores a note; the visit ends with the first lock. */
export async function moveNote(
  outside: ChartDraft,
  origin: Origin,
  id: string,
  to: NoteState,
  ifVersion?: number,
): Promise<Note> {
  const draft = outside.inNote(id);
  const permission = to === 'deleted' ? 'd' : 'u';
  const implied = draft.implied('Note', permission);
  await implied.claim('Note', id, 'u');
  const note = await findNote(draft, id);
  const reason = refuseTransition(NOTE_LIFECYCLE, note.state, to, 'the note');
  if (reason) throw new Refusal('note.state', { reason });
  if (to === 'deleted') await refuseCommitted(draft, note);
  const { type, id: actor } = origin.actor;
  // Open again, nobody stands for it any more: its versions tell who did.
  const { signedAt: _at, signedBy: _by, ...unsigned } = note;
  const moved: Note = {
    ...(to === 'open' ? unsigned : note),
    state: to,
    ...(to === 'locked' || to === 'signed' ? { lockedAt: note.lockedAt ?? draft.at } : {}),
    ...(to === 'signed' ? { signedAt: draft.at, signedBy: { type, id: actor } } : {}),
  };
  await implied.putEntry(moved, ifVersion === undefined ? {} : { ifVersion });
  if (note.encounter) await moveVisit(implied, note.encounter, to);
  return moved;
}

/** What a command committed is in the chart: it must not stay there when nobody sees any more where it is from. */
async function refuseCommitted(draft: ChartDraft, { body }: Note): Promise<void> {
  for (const line of body) {
    if (!('command' in line)) continue;
    const command = await draft.entry('Command', line.command);
    // None of them must be committed meanwhile.
    draft.hold('Command', line.command);
    if (command?.state !== 'committed') continue;
    throw new Refusal('note.committed', {});
  }
}

async function moveVisit(draft: ChartDraft, id: string, to: NoteState): Promise<void> {
  const visit = await draft.read('Encounter', id);
  if (!visit) return;
  const open = ['planned', 'arrived', 'triaged', 'in-progress'].includes(visit.status);
  if ((to === 'locked' || to === 'signed') && open) {
    await draft.update({ ...visit, id, status: 'finished', period: { ...visit.period, end: draft.at } });
  } else if (to === 'deleted' && open) {
    await draft.update({ ...visit, id, status: 'cancelled' });
  } else if (to === 'open' && visit.status === 'cancelled') {
    await draft.update({ ...visit, id, status: 'in-progress' });
  }
}
