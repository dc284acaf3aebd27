// What follows a note's signature: addenda, co-signatures (requested, given, returned), and the list of pending requests.

import { addAddendum, enterAddendumInError } from '#chart/addenda.ts';
import type { Origin } from '#chart/origin.ts';
import { cosign, endRequest, requestCosignature } from '#chart/cosignatures.ts';
import type { ChartDraft } from '#chart/draft.ts';
import { askerToken, supervisorToken } from '#chart/entry.ts';
import { ADDENDA, COSIGNATURE_REQUESTS } from '@chartwire/client/internal/contract/note-signatures';
import type { NoteShape } from '@chartwire/client/internal/contract/note';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { isSame, waiting } from '@chartwire/sdk/internal/records/signatures';
import { once } from '../idempotency.ts';
import { type Call, route, type RoutesOf } from '../route.ts';
import type { Services } from '../services.ts';
import { addendumView, afterwards, changing, noteView, originOf, requestView } from './entries.ts';
import { Names, recordName } from './names.ts';

export const ADDENDUM_ROUTES: RoutesOf<typeof ADDENDA> = {
  create: route(ADDENDA.create, (call, services) =>
    once(call, services, 'notes.addenda.create', async (turn) => {
      const id = turn.id(0);
      const { result } = await beside(call, services, async (draft, origin) => {
        const again = (await draft.entry('Note', call.params.id))?.addenda?.find((one) => one.id === id);
        return again ?? addAddendum(draft, origin, call.params.id, { text: call.body.text, id });
      });
      return addendumView(result);
    }),
  ),
  enterInError: route(ADDENDA.enterInError, (call, services) =>
    noteAfter(call, services, (draft, origin, id) =>
      enterAddendumInError(draft, origin, id, { id: call.params.addendum, reason: call.body.reason }),
    ),
  ),
};

export const COSIGNATURE_ROUTES: RoutesOf<typeof COSIGNATURE_REQUESTS> = {
  create: route(COSIGNATURE_REQUESTS.create, (call, services) =>
    once(call, services, 'notes.cosignature-requests.create', async (turn) => {
      const id = turn.id(0);
      const { result } = await beside(call, services, async (draft, origin) => {
        const again = (await draft.entry('Note', call.params.id))?.cosignatureRequests?.find((one) => one.id === id);
        return again ?? requestCosignature(draft, origin, call.params.id, { ...call.body, id });
      });
      return requestView(result);
    }),
  ),
  sign: route(COSIGNATURE_REQUESTS.sign, (call, services) => {
    const { version, commands } = call.body;
    const wish = { id: call.params.request, ifVersion: version, commands };
    return noteAfter(call, services, (draft, origin, id) => cosign(draft, origin, id, wish), version);
  }),
  withdraw: route(COSIGNATURE_REQUESTS.withdraw, (call, services) =>
    noteAfter(call, services, (draft, origin, id) =>
      endRequest(draft, origin, id, { id: call.params.request, state: 'withdrawn' }),
    ),
  ),
  return: route(COSIGNATURE_REQUESTS.return, (call, services) =>
    noteAfter(call, services, (draft, origin, id) =>
      endRequest(draft, origin, id, { id: call.params.request, state: 'returned', reason: call.body.reason }),
    ),
  ),
  list: route(
    COSIGNATURE_REQUESTS.list,
    async (call, { chart }) => {
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
    { patients: ({ items }) => new Set(items.map(({ patient }) => patient.id)) },
  ),
};

type Request = ReturnType<typeof waiting>[number];

/** Which notes to find, and which of their requests to show. */
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

/** Writes next to a note, whatever its current version unless one is given, and changes nothing in it. */
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
