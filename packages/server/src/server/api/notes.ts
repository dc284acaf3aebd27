// /api/notes: create, read, write, lock, sign, delete, and restore notes. note-signatures.ts has what follows a signature.

import type { Origin } from '#chart/origin.ts';
import type { ChartDraft } from '#chart/draft.ts';
import { storedEntry, type StoredEntry } from '#chart/entries-of.ts';
import { createNote, findNote, moveNote, type NoteMove, writeNote } from '#chart/notes.ts';
import type { NoteShape } from '@chartwire/client/internal/contract/note';
import { NOTES } from '@chartwire/client/internal/contract/notes';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { NoteState } from '@chartwire/sdk/internal/records/note';
import { once } from '../idempotency.ts';
import { type Call, route, type RoutesOf } from '../route.ts';
import type { Services } from '../services.ts';
import {
  afterwards,
  changing,
  commandView,
  commandWithResults,
  entered,
  noteView,
  originOf,
  UNWRITTEN,
} from './entries.ts';
import { ADDENDUM_ROUTES, COSIGNATURE_ROUTES } from './note-signatures.ts';
import { Names } from './names.ts';

const reading = {
  list: route(NOTES.list, async (call, { chart }) => {
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
  }),
  get: route(NOTES.get, async (call, services) =>
    withCommands(services, originOf(call), await entered(call, services, 'Note', call.params.id)),
  ),
  version: route(NOTES.version, async (call, services) => {
    const { id, version } = call.params;
    await entered(call, services, 'Note', id);
    const found = await services.chart.reader(originOf(call)).lists.noteAt(id, version);
    if (!found) throw new Refusal('record.not-found', { reference: `Note/${id}, version ${version},` });
    return { ...noteView(found.note), commands: found.commands.map((one) => commandView(one)), at: found.at };
  }),
};

const writing = {
  create: route(NOTES.create, async (call, services) => {
    const { body } = call;
    call.concerns(body.patient);
    const reader = services.chart.reader(originOf(call));
    return once(call, services, 'notes.create', async (turn) => {
      const { id = turn.id(0) } = body;
      // A caller's own id may belong to another note, unless an earlier attempt of this request used it.
      const mine = body.id === undefined || turn.begunAt !== undefined;
      const made = mine && id && storedEntry('Note', await reader.afterwards(UNWRITTEN, 'Note', id));
      if (made) return noteView(made);
      const { result, written } = await services.chart.withChart(originOf(call), async (draft) => {
        if (body.encounter) await refuseForeignVisit(draft, body.encounter, body.patient);
        return createNote(draft, originOf(call), { ...body, ...(id && { id }) });
      });
      return noteView(await afterwards(reader, written, 'Note', result.id));
    });
  }),
  write: route(NOTES.write, async (call, services) => {
    const { version, ...change } = call.body;
    const { id } = call.params;
    const target = { type: 'Note', id, version, proposed: change, permission: 'u' } as const;
    const { written } = await changing(call, services, target, (draft) => writeNote(draft, id, change, version));
    return noteView(await afterwards(services.chart.reader(originOf(call)), written, 'Note', id));
  }),
};

/** `from` lists the states in which the move has this name: reopening a deleted note is a restore, not an unlock. */
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

const moving = {
  lock: route(NOTES.lock, (call, services) => carryOut(LOCK, call.params.id, call.body, call, services)),
  restore: route(NOTES.restore, (call, services) => carryOut(RESTORE, call.params.id, call.body, call, services)),
  unlock: route(NOTES.unlock, (call, services) => carryOut(UNLOCK, call.params.id, call.body, call, services)),
  sign: route(NOTES.sign, (call, services) => carryOut(SIGN, call.params.id, call.body, call, services)),
  delete: route(NOTES.delete, async (call, services) => {
    await carryOut(DELETE, call.params.id, {}, call, services);
  }),
};

export const NOTE_ROUTES: RoutesOf<typeof NOTES> = {
  ...reading,
  ...writing,
  ...moving,
  addenda: ADDENDUM_ROUTES,
  cosignatureRequests: COSIGNATURE_ROUTES,
};

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
  const mergedFrom = from === undefined ? null : names.chart(from);
  return { ...noteView(note), commands: shown, mergedFrom };
}

async function refuseForeignVisit(draft: ChartDraft, id: string, patient: string): Promise<void> {
  const visit = await draft.read('Encounter', id);
  if (visit?.subject?.reference === `Patient/${patient}`) return;
  const message = visit ? 'is of another patient' : 'does not exist';
  throw new Refusal('request.invalid', { reason: `the encounter ${message}` }, [{ path: '/encounter', message }]);
}
