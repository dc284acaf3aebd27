// Notes: created with their visit, written, locked, signed, deleted, and restored.

import type { Encounter } from '@medplum/fhirtypes';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Actor } from '@chartwire/sdk/internal/kit/event';
import { faultOfTransition } from '@chartwire/sdk/internal/kit/lifecycle';
import { NOTE_LIFECYCLE, type Note, type NoteLine, type NoteState } from '@chartwire/sdk/internal/records/note';
import { type NoteStep, ownersOf } from '@chartwire/sdk/internal/records/signatures';
import { requireUnlock } from './authority.ts';
import { who } from './commands/kept.ts';
import type { Origin } from './origin.ts';
import type { ChartDraft } from './draft.ts';
import { refuseSignedBy, refuseUnseen, type Seen, signed } from './signing.ts';

const VISIT = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

export interface NewNote {
  readonly patient: string;
  readonly title?: string;
  /** Defaults to `visit`. Notes of other types have no visit. */
  readonly type?: string;
  /** An existing visit, such as an appointment's; otherwise one is created, in progress. */
  readonly encounter?: string;
  readonly id?: string;
}

/** Creates a note and its visit. */
export async function createNote(outside: ChartDraft, origin: Origin, wish: NewNote): Promise<Note> {
  const id = wish.id ?? outside.newId();
  const draft = outside.inNote(id);
  draft.requireReach('Note', 'c', wish.patient);
  if (!(await draft.read('Patient', wish.patient))) {
    throw new Refusal('record.not-found', { reference: `Patient/${wish.patient}` });
  }
  const taken = await draft.versionOf('Note', id);
  if (taken > 0) throw new Refusal('record.conflict', { reference: `Note/${id}`, actual: taken });
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
    author: who(actor),
    createdAt: draft.at,
    signatures: [],
    history: [],
    addenda: [],
    cosignatureRequests: [],
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

/** The note if it can be changed; otherwise a sentence why not. */
export async function openNote(draft: ChartDraft, id: string): Promise<Note> {
  const note = await findNote(draft, id);
  if (note.state !== 'open')
    throw new Refusal('note.state', { reason: `the note is ${note.state}, and only an open one takes changes` });
  // It must not be locked in the meantime: most changes within a note don't change the note itself.
  draft.hold('Note', id);
  return note;
}

export async function findNote(draft: ChartDraft, id: string): Promise<Note> {
  const note = await draft.entry('Note', id);
  if (!note) throw new Refusal('note.not-found', { id });
  return draft.withEarlier(note);
}

/** Title and body of an open note. The body keeps all its commands; text and order may change. */
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

export interface NoteMove {
  readonly to: NoteState;
  readonly ifVersion?: number | undefined;
  /** Why it is unlocked. */
  readonly reason?: string | undefined;
  /** The role of the signature. Defaults to author, or to an additional signer after one. */
  readonly role?: string | undefined;
  /** The version of each of its commands that the signer saw. */
  readonly commands?: Seen | undefined;
}

/** Locks, unlocks, signs, deletes, or restores a note. The visit ends with the first lock. Others may also sign a signed note. */
export async function moveNote(outside: ChartDraft, origin: Origin, id: string, move: NoteMove): Promise<Note> {
  const { to, ifVersion } = move;
  const draft = outside.inNote(id);
  const permission = to === 'deleted' ? 'd' : 'u';
  const implied = draft.implied('Note', permission);
  await implied.claim('Note', id, 'u');
  const note = await findNote(draft, id);
  const version = await draft.nextVersionOf('Note', id);
  if (to === 'signed' && note.state === 'signed') refuseSignedBy(origin.actor, note);
  else refuseMove(note, to);
  if (to === 'deleted') {
    if (note.signatures?.length) throw new Refusal('note.signed');
    await refuseCommitted(draft, note);
    await refuseBilled(draft, note);
  }
  if (to === 'signed') {
    refuseUnlockedHere(note, version);
    if (move.commands) await refuseUnseen(draft, note, move.commands);
  }
  if (to === 'open' && note.state !== 'deleted') refuseUnlock(origin, note, { ...move, version });
  const moved =
    to === 'signed'
      ? signed(note, origin.actor, { ...move, at: draft.at, version })
      : stepped(note, origin.actor, { ...move, at: draft.at, version });
  await implied.putEntry(moved, ifVersion === undefined ? {} : { ifVersion });
  if (note.encounter) await moveVisit(implied, note.encounter, to);
  return moved;
}

function refuseMove({ state }: Note, to: NoteState): void {
  const reason = faultOfTransition(NOTE_LIFECYCLE, state, to, 'the note');
  if (reason) throw new Refusal('note.state', { reason });
}

function refuseUnlock(
  origin: Origin,
  note: Note,
  { reason, version }: { readonly reason?: string | undefined; readonly version: number },
): void {
  requireUnlock(origin, ownersOf(note));
  if (reason === undefined) throw new Refusal('note.reason');
  // If a note were signed and changed in one unit of work, no version would be what was signed.
  if (note.signatures?.some((one) => one.version === version)) {
    throw new Refusal('note.state', { reason: 'the note is signed in this very unit of work' });
  }
}

/** The same in reverse: a signature covers what is signed after the unlock. */
function refuseUnlockedHere({ history = [] }: Note, version: number): void {
  if (!history.some((step) => step.what === 'unlocked' && step.version === version)) return;
  throw new Refusal('note.state', {
    reason: 'the note is unlocked in this very unit of work, and can be signed in one that follows',
  });
}

interface Taken {
  readonly at: string;
  readonly version: number;
}

const STEP = { open: 'unlocked', locked: 'locked', deleted: 'deleted' } as const;

/** The note is no longer signed. Once open, nobody has signed its new text; its signatures say who signed which version. */
function stepped(note: Note, actor: Actor, { to, reason, at, version }: NoteMove & Taken): Note {
  const { signedAt: _at, signedBy: _by, ...unsigned } = note;
  const what = note.state === 'deleted' ? 'restored' : STEP[to as keyof typeof STEP];
  const step: NoteStep = { what, by: who(actor), at, version, ...(reason !== undefined && { reason }) };
  return {
    ...(to === 'open' ? unsigned : note),
    state: to,
    ...(to === 'locked' && { lockedAt: note.lockedAt ?? at }),
    history: [...(note.history ?? []), step],
  };
}

/** Committed records are in the chart, and must not remain there without a visible origin. */
async function refuseCommitted(draft: ChartDraft, { body }: Note): Promise<void> {
  for (const line of body) {
    if (!('command' in line)) continue;
    const command = await draft.entry('Command', line.command);
    // None of them may be committed in the meantime.
    draft.hold('Command', line.command);
    if (command?.state !== 'committed') continue;
    throw new Refusal('note.committed', {});
  }
}

/** A note without text may still have charges. */
async function refuseBilled(draft: ChartDraft, { encounter }: Note): Promise<void> {
  if (!encounter) return;
  for (const { id } of await draft.search('ChargeItem', `context=Encounter/${encounter}&_count=100`)) {
    const charge = await draft.read('ChargeItem', id!);
    if (charge && charge.status !== 'entered-in-error') throw new Refusal('note.billed', {});
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
