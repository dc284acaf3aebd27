// What comes after a note is signed: addenda below it, co-signatures that are asked for, given and returned, and the list
// of those that somebody is waiting for.

import { type Static, Type } from 'typebox';
import { addAddendum, enterAddendumInError } from '#chart/addenda.ts';
import type { Origin } from '#chart/contract.ts';
import { cosign, endRequest, requestCosignature } from '#chart/cosignatures.ts';
import type { ChartDraft } from '#chart/draft.ts';
import { askerToken, supervisorToken } from '#chart/entry.ts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { text } from '@chartwire/sdk/internal/kit/schema';
import { isSame, waiting } from '@chartwire/sdk/internal/records/signatures';
import { once } from '../idempotency.ts';
import { type Call, type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import {
  AddendumShape,
  addendumView,
  afterwards,
  CosignatureRequestShape,
  changing,
  Named,
  NoteShape,
  noteView,
  only,
  originOf,
  requestView,
  SeenCommands,
  Version,
} from './entries.ts';
import { Names, recordName } from './names.ts';
import { FhirId, limit, orNull, pageOf } from './parameters.ts';

const Reason = text(1_000, 'Why: kept with the note, and shown.');
const OfAddendum = only({ id: FhirId, addendum: FhirId });
const OfRequest = only({ id: FhirId, request: FhirId });
const NOTE = { status: 200, description: 'The note.', schema: NoteShape } as const;

const addenda: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/notes/:id/addenda',
    operation: 'notes.addenda.create',
    summary: 'Adds text below a locked or signed note, signed by itself; nobody edits it',
    needs: 'Note.u',
    about: 'Note',
    idempotent: true,
    params: Named,
    body: only({ text: text(20_000, 'What is added.') }),
    answer: { status: 201, description: 'The addendum.', schema: AddendumShape },
    handle: (call, services) =>
      once(call, services, 'notes.addenda.create', async (turn) => {
        const id = turn.id(0);
        const { result } = await beside(call, services, async (draft, origin) => {
          const again = (await draft.entry('Note', call.params.id))?.addenda?.find((one) => one.id === id);
          return again ?? addAddendum(draft, origin, call.params.id, { text: call.body.text, id });
        });
        return addendumView(result);
      }),
  }),
  route({
    method: 'POST',
    path: '/api/notes/:id/addenda/:addendum/enter-in-error',
    operation: 'notes.addenda.enter-in-error',
    summary: 'Enters an addendum in error: it stays below the note, struck through, with the reason',
    needs: 'Note.u',
    about: 'Note',
    params: OfAddendum,
    body: only({ reason: Reason }),
    answer: NOTE,
    handle: (call, services) =>
      noteAfter(call, services, (draft, origin, id) =>
        enterAddendumInError(draft, origin, id, { id: call.params.addendum, reason: call.body.reason }),
      ),
  }),
];

const cosigning: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/notes/:id/cosignature-requests',
    operation: 'notes.cosignature-requests.create',
    summary: 'Asks a supervisor to sign a note that you signed',
    needs: 'Note.u',
    about: 'Note',
    idempotent: true,
    params: Named,
    body: only({
      practitioner: Type.String({ ...FhirId, description: 'Who is asked: a Practitioner.' }),
      message: Type.Optional(text(1_000, 'What they should know.')),
    }),
    answer: { status: 201, description: 'The request.', schema: CosignatureRequestShape },
    handle: (call, services) =>
      once(call, services, 'notes.cosignature-requests.create', async (turn) => {
        const id = turn.id(0);
        const { result } = await beside(call, services, async (draft, origin) => {
          const again = (await draft.entry('Note', call.params.id))?.cosignatureRequests?.find((one) => one.id === id);
          return again ?? requestCosignature(draft, origin, call.params.id, { ...call.body, id });
        });
        return requestView(result);
      }),
  }),
  route({
    method: 'POST',
    path: '/api/notes/:id/cosignature-requests/:request/sign',
    operation: 'notes.cosignature-requests.sign',
    summary: 'Co-signs: for the supervisor who was asked',
    needs: 'Note.u',
    about: 'Note',
    params: OfRequest,
    body: only({ version: Version, commands: SeenCommands }),
    answer: NOTE,
    handle: (call, services) => {
      const { version, commands } = call.body;
      const wish = { id: call.params.request, ifVersion: version, commands };
      return noteAfter(call, services, (draft, origin, id) => cosign(draft, origin, id, wish), version);
    },
  }),
  route({
    method: 'POST',
    path: '/api/notes/:id/cosignature-requests/:request/withdraw',
    operation: 'notes.cosignature-requests.withdraw',
    summary: 'Takes a request for a co-signature back: for whoever asked',
    needs: 'Note.u',
    about: 'Note',
    params: OfRequest,
    body: only({}),
    answer: NOTE,
    handle: (call, services) =>
      noteAfter(call, services, (draft, origin, id) =>
        endRequest(draft, origin, id, { id: call.params.request, state: 'withdrawn' }),
      ),
  }),
  route({
    method: 'POST',
    path: '/api/notes/:id/cosignature-requests/:request/return',
    operation: 'notes.cosignature-requests.return',
    summary: 'Returns a note without a co-signature, and says why: for the supervisor who was asked',
    needs: 'Note.u',
    about: 'Note',
    params: OfRequest,
    body: only({ reason: Reason }),
    answer: NOTE,
    handle: (call, services) =>
      noteAfter(call, services, (draft, origin, id) =>
        endRequest(draft, origin, id, { id: call.params.request, state: 'returned', reason: call.body.reason }),
      ),
  }),
];

const Waiting = Type.Object({
  note: Type.Object({
    id: FhirId,
    title: NoteShape.properties.title,
    state: NoteShape.properties.state,
    author: NoteShape.properties.author,
    createdAt: NoteShape.properties.createdAt,
    signedAt: NoteShape.properties.signedAt,
    signedBy: NoteShape.properties.signedBy,
    version: NoteShape.properties.version,
  }),
  patient: Type.Object({ id: FhirId, name: orNull(Type.String()), birthDate: orNull(Type.String()) }),
  request: CosignatureRequestShape,
});
export type Waiting = Static<typeof Waiting>;

const listing: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/cosignature-requests',
    operation: 'cosignature-requests.list',
    summary: 'Notes that wait for a supervisor’s signature, newest note first; or those for which you asked',
    needs: 'Note.s',
    query: only({
      of: Type.Optional(
        Type.String({
          pattern: '^(me|[A-Za-z0-9\\-.]{1,64})$',
          description: 'The id of a Practitioner, or `me`, which it is unless `by` is given.',
        }),
      ),
      by: Type.Optional(
        Type.Literal('me', { description: 'Instead of `of`: what you asked for, those that were returned too.' }),
      ),
      after: Type.Optional(FhirId),
      limit: limit(50, 200),
    }),
    answer: { status: 200, description: 'A page of requests.', schema: pageOf(Waiting) },
    handle: async (call, { chart }) => {
      const { after: before, limit: size = 50 } = call.query;
      const reader = chart.reader(originOf(call));
      const { token, isAsked } = askedOf(call);
      const found = await reader.lists.notesWith(token, { limit: size + 1, ...(before !== undefined && { before }) });
      const shown = found.slice(0, size);
      const names = await Names.of(
        reader,
        shown.map(({ entry }) => `Patient/${entry.patient}`),
      );
      const items = shown.flatMap((stored) => {
        const { id, title, state, author, createdAt, signedAt, signedBy, version, patient } = noteView(stored);
        const person = names.patient(patient);
        return waiting(stored.entry.cosignatureRequests)
          .filter(isAsked)
          .map((request) => ({
            note: { id, title, state, author, createdAt, signedAt, signedBy, version },
            patient: { id: patient, name: recordName(person), birthDate: person?.birthDate ?? null },
            request: requestView(request),
          }));
      });
      return { items, next: found.length > size ? shown.at(-1)!.entry.id : null };
    },
    patients: ({ items }) => new Set(items.map(({ patient }) => patient.id)),
  }),
];

export const ATTESTING: readonly Route[] = [...addenda, ...cosigning, ...listing];

type Request = ReturnType<typeof waiting>[number];

/** By what the notes are found, and which of their requests are meant. */
function askedOf({
  query,
  access: { actor },
}: Pick<Call<unknown, { readonly of?: string; readonly by?: 'me' }>, 'query' | 'access'>): {
  readonly token: string;
  readonly isAsked: (request: Request) => boolean;
} {
  if (query.by === 'me') return { token: askerToken(actor), isAsked: ({ by }) => isSame(by, actor) };
  const practitioner = query.of === undefined || query.of === 'me' ? actor.practitioner : query.of;
  if (practitioner === undefined) {
    throw new Refusal('request.invalid', { reason: 'you are no practitioner on record, so nothing waits for you' }, [
      { path: '/of', message: 'is `me` for a user who is linked to a Practitioner; name one otherwise' },
    ]);
  }
  return {
    token: supervisorToken(practitioner),
    isAsked: ({ state, of }) => state === 'requested' && of.practitioner === practitioner,
  };
}

type OfNote = Pick<Call<{ readonly id: string }>, 'access' | 'concerns' | 'params'>;

/** Writes beside a note, in whatever version it is by now unless one is named: nothing that is there is changed by it. */
function beside<R>(
  call: OfNote,
  services: Services,
  work: (draft: ChartDraft, origin: Origin) => Promise<R>,
  version?: number,
): ReturnType<typeof changing<R>> {
  const target = { type: 'Note', id: call.params.id, version, proposed: null, permission: 'u' } as const;
  return changing(call, services, target, work);
}

async function noteAfter(
  call: OfNote,
  services: Services,
  work: (draft: ChartDraft, origin: Origin, id: string) => Promise<void>,
  version?: number,
): Promise<NoteShape> {
  const { id } = call.params;
  const { written } = await beside(call, services, (draft, origin) => work(draft, origin, id), version);
  return noteView(await afterwards(services.chart.reader(originOf(call)), written, 'Note', id));
}
