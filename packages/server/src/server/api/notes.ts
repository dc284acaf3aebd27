// /api/notes: making, reading, writing, locking, signing, deleting and restoring notes. What stands below and beside a
// signed one is in note-signatures.ts.

import { Type } from 'typebox';
import type { Origin } from '#chart/contract.ts';
import type { ChartDraft } from '#chart/draft.ts';
import { type StoredEntry, storedEntry } from '#chart/entries-of.ts';
import { createNote, findNote, moveNote, type NoteMove, writeNote } from '#chart/notes.ts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { text } from '@chartwire/sdk/internal/kit/schema';
import { NOTE_STATES, NoteLine, type NoteState } from '@chartwire/sdk/internal/records/note';
import { once } from '../idempotency.ts';
import { type Call, type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import {
  afterwards,
  changing,
  commandView,
  commandWithResults,
  entered,
  Named,
  NoteAtVersion,
  NoteShape,
  NoteWithCommands,
  noteView,
  only,
  originOf,
  SeenCommands,
  UNWRITTEN,
  Version,
} from './entries.ts';
import { ATTESTING } from './note-signatures.ts';
import { Names, recordName } from './names.ts';
import { FhirId, limit, pageOf } from './parameters.ts';

const Title = text(255, 'What the note is called.');

const reading: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/notes',
    operation: 'notes.list',
    summary: 'A patient’s notes, newest first',
    needs: 'Note.s',
    query: only({
      patient: FhirId,
      state: Type.Optional(Type.Enum([...NOTE_STATES], { description: 'All states unless given.' })),
      after: Type.Optional(FhirId),
      limit: limit(50, 500),
    }),
    answer: { status: 200, description: 'A page of notes, without their commands.', schema: pageOf(NoteShape) },
    handle: async (call, { chart }) => {
      const { patient, state, after: before, limit: size = 50 } = call.query;
      call.concerns(patient);
      const found = await chart.reader(originOf(call)).lists.notes({
        patient,
        limit: size + 1,
        ...(state !== undefined && { state }),
        ...(before !== undefined && { before }),
      });
      const items = found.slice(0, size).map(noteView);
      return { items, next: found.length > size ? items.at(-1)!.id : null };
    },
  }),
  route({
    method: 'GET',
    path: '/api/notes/:id',
    operation: 'notes.get',
    summary: 'A note with its commands',
    needs: 'Note.r',
    about: 'Note',
    params: Named,
    answer: { status: 200, description: 'The note.', schema: NoteWithCommands },
    handle: async (call, services) =>
      withCommands(services, originOf(call), await entered(call, services, 'Note', call.params.id)),
  }),
  route({
    method: 'GET',
    path: '/api/notes/:id/versions/:version',
    operation: 'notes.version',
    summary: 'A note as it was at a version, with its commands as they were then: what a signature stands for',
    needs: 'Note.r',
    about: 'Note',
    params: only({ id: FhirId, version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) }),
    answer: { status: 200, description: 'The note as it was.', schema: NoteAtVersion },
    handle: async (call, services) => {
      const { id, version } = call.params;
      await entered(call, services, 'Note', id);
      const found = await services.chart.reader(originOf(call)).lists.noteAt(id, version);
      if (!found) throw new Refusal('record.not-found', { reference: `Note/${id}, version ${version},` });
      return { ...noteView(found.note), commands: found.commands.map((one) => commandView(one)), at: found.at };
    },
  }),
];

const writing: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/notes',
    operation: 'notes.create',
    summary: 'Begins a note, and its visit with it',
    needs: 'Note.c',
    idempotent: true,
    body: only({
      patient: FhirId,
      title: Type.Optional(Title),
      type: Type.Optional(text(50, '`visit` unless given; a note of another type has no visit of its own.')),
      encounter: Type.Optional(
        Type.String({ ...FhirId, description: 'A visit of the patient that is there already.' }),
      ),
      id: Type.Optional(
        Type.String({ ...FhirId, description: 'An id of your own: a UUIDv7, by which notes are listed in order.' }),
      ),
    }),
    answer: { status: 201, description: 'The note.', schema: NoteShape },
    handle: async (call, services) => {
      const { body } = call;
      call.concerns(body.patient);
      const reader = services.chart.reader(originOf(call));
      return once(call, services, 'notes.create', async (turn) => {
        const { id = turn.id(0) } = body;
        // An id of the caller's own may be another's note, unless this very request was carried out before.
        const mine = body.id === undefined || turn.begunAt !== undefined;
        const made = mine && id && storedEntry('Note', await reader.afterwards(UNWRITTEN, 'Note', id));
        if (made) return noteView(made);
        const { result, written } = await services.chart.withChart(originOf(call), async (draft) => {
          if (body.encounter) await refuseForeignVisit(draft, body.encounter, body.patient);
          return createNote(draft, originOf(call), { ...body, ...(id && { id }) });
        });
        return noteView(await afterwards(reader, written, 'Note', result.id));
      });
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/notes/:id',
    operation: 'notes.write',
    summary: 'Changes the title, the free text and the order of an open note',
    needs: 'Note.u',
    about: 'Note',
    params: Named,
    body: only({
      title: Type.Optional(Title),
      body: Type.Optional(
        Type.Array(NoteLine, { maxItems: 1_000, description: 'All lines: text, and each command of the note once.' }),
      ),
      version: Version,
    }),
    answer: { status: 200, description: 'The note.', schema: NoteShape },
    handle: async (call, services) => {
      const { version, ...change } = call.body;
      const { id } = call.params;
      const target = { type: 'Note', id, version, proposed: change, permission: 'u' } as const;
      const { written } = await changing(call, services, target, (draft) => writeNote(draft, id, change, version));
      return noteView(await afterwards(services.chart.reader(originOf(call)), written, 'Note', id));
    },
  }),
];

/** `from` says in which states the move has this name: reopening what was deleted is to restore, not to unlock. */
interface Move {
  readonly name: 'lock' | 'unlock' | 'sign' | 'restore' | 'delete';
  readonly to: NoteState;
  readonly from?: readonly NoteState[];
}

type MoveTo<Name> = Move & { readonly name: Name };
const UNLOCK: MoveTo<'unlock'> = { name: 'unlock', to: 'open', from: ['locked', 'signed'] };
const DELETE: MoveTo<'delete'> = { name: 'delete', to: 'deleted' };
const LOCK: MoveTo<'lock'> = { name: 'lock', to: 'locked' };
const RESTORE: MoveTo<'restore'> = { name: 'restore', to: 'open', from: ['deleted'] };
const SIGN: MoveTo<'sign'> = { name: 'sign', to: 'signed' };

const NOW = { status: 200, description: 'The note.', schema: NoteShape } as const;

const moving: readonly Route[] = [
  ...(
    [
      [LOCK, 'Locks a note; its visit is finished with the first lock'],
      [RESTORE, 'Takes a note out of the bin'],
    ] as const
  ).map(([move, summary]) =>
    route({
      method: 'POST',
      path: `/api/notes/:id/${move.name}`,
      operation: `notes.${move.name}`,
      summary,
      needs: 'Note.u',
      about: 'Note',
      params: Named,
      body: only({ version: Version }),
      answer: NOW,
      handle: (call, services) => carryOut(move, call.params.id, call.body, call, services),
    }),
  ),
  route({
    method: 'POST',
    path: '/api/notes/:id/unlock',
    operation: 'notes.unlock',
    summary:
      'Opens a locked or signed note again, with a reason: for whoever wrote, locked or first signed it, co-signed it when asked, or may unlock others’ notes',
    needs: 'Note.u',
    about: 'Note',
    params: Named,
    body: only({ reason: text(1_000, 'Why: kept with the note, and shown.'), version: Version }),
    answer: NOW,
    handle: (call, services) => carryOut(UNLOCK, call.params.id, call.body, call, services),
  }),
  route({
    method: 'POST',
    path: '/api/notes/:id/sign',
    operation: 'notes.sign',
    summary: 'Signs a note; it is locked by that. A signed one is signed by somebody else too',
    needs: 'Note.u',
    about: 'Note',
    params: Named,
    body: only({
      role: Type.Optional(
        text(
          50,
          'A role of the practice’s own. Unless given: `author`, `co-author` beside another, `co-signer` for a supervisor who was asked; each of these is refused to whoever has another of them.',
        ),
      ),
      version: Version,
      commands: SeenCommands,
    }),
    answer: NOW,
    handle: (call, services) => carryOut(SIGN, call.params.id, call.body, call, services),
  }),
  route({
    method: 'DELETE',
    path: '/api/notes/:id',
    operation: 'notes.delete',
    summary: 'Puts an open note into the bin, from which it can be restored',
    needs: 'Note.d',
    about: 'Note',
    params: Named,
    answer: { status: 204, description: 'It is in the bin.' },
    handle: (call, services) => carryOut(DELETE, call.params.id, {}, call, services),
  }),
];

export const NOTE_ROUTES: readonly Route[] = [...reading, ...writing, ...moving, ...ATTESTING];

async function carryOut(
  { name, to, from }: Move,
  id: string,
  { version, ...how }: { readonly version?: number | undefined } & Pick<NoteMove, 'reason' | 'role' | 'commands'>,
  call: Pick<Call, 'access' | 'concerns'>,
  services: Services,
): Promise<NoteShape> {
  const permission = to === 'deleted' ? 'd' : 'u';
  const target = { type: 'Note', id, version, proposed: { state: to }, permission } as const;
  const { written } = await changing(call, services, target, async (draft, origin) => {
    const { state } = await findNote(draft, id);
    if (from && !from.includes(state)) {
      throw new Refusal('note.state', {
        reason: `the note is ${state}, and only a ${from.join(' or ')} one can be ${name === 'restore' ? 'restored' : 'unlocked'}`,
      });
    }
    return moveNote(draft, origin, id, { to, ifVersion: version, ...how });
  });
  return noteView(await afterwards(services.chart.reader(originOf(call)), written, 'Note', id));
}

async function withCommands(services: Pick<Services, 'chart' | 'store'>, origin: Origin, note: StoredEntry<'Note'>) {
  const reader = services.chart.reader(origin);
  const commands = await reader.lists.commandsOf(note.entry);
  const shown = await Promise.all(commands.map((command) => commandWithResults(reader, command)));
  const from = (await services.store.merges.origins('Note', [note.entry.id])).get(note.entry.id);
  const names = await Names.of(reader, from === undefined ? [] : [`Patient/${from}`]);
  const mergedFrom = from === undefined ? null : { id: from, name: recordName(names.patient(from)) };
  return { ...noteView(note), commands: shown, mergedFrom };
}

async function refuseForeignVisit(draft: ChartDraft, id: string, patient: string): Promise<void> {
  const visit = await draft.read('Encounter', id);
  if (visit?.subject?.reference === `Patient/${patient}`) return;
  const message = visit ? 'is of another patient' : 'does not exist';
  throw new Refusal('request.invalid', { reason: `the encounter ${message}` }, [{ path: '/encounter', message }]);
}
