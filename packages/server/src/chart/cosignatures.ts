// Co-signatures: the signer of a note asks a supervisor to sign it, too. The supervisor signs, or returns it with a reason.

import type { Practitioner } from '@medplum/fhirtypes';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Note } from '@chartwire/sdk/internal/records/note';
import { nameText } from '@chartwire/sdk/internal/records/person';
import { type CosignatureRequest, isSame, standing } from '@chartwire/sdk/internal/records/signatures';
import { annotated } from './addenda.ts';
import { requireTheirs } from './authority.ts';
import { who } from './commands/kept.ts';
import type { Origin } from './origin.ts';
import type { ChartDraft } from './draft.ts';
import { moveNote, type NoteMove } from './notes.ts';
import { waitsFor } from './signing.ts';

export async function requestCosignature(
  outside: ChartDraft,
  origin: Origin,
  note: string,
  wish: { readonly practitioner: string; readonly message?: string | undefined; readonly id?: string | undefined },
): Promise<CosignatureRequest> {
  const { found, draft } = await annotated(outside, note);
  const { practitioner, message } = wish;
  refuseUnsigned(found, 'a co-signature is asked for once it is signed');
  if (!standing(found).some(({ by }) => isSame(by, origin.actor))) {
    throw new Refusal('note.not-yours', { whose: 'whoever signed the note' });
  }
  const supervisor = await draft.read('Practitioner', practitioner);
  if (!supervisor) throw notAsked(`Practitioner/${practitioner} does not exist`);
  if (standing(found).some(({ by }) => by.practitioner === practitioner)) throw notAsked('they have signed it already');
  const { cosignatureRequests = [] } = found;
  if (cosignatureRequests.some(({ state, of }) => state === 'requested' && of.practitioner === practitioner)) {
    throw notAsked('it waits for their signature already');
  }
  const request: CosignatureRequest = {
    id: wish.id ?? draft.newId(),
    of: { practitioner, ...nameOf(supervisor) },
    by: who(origin.actor),
    at: draft.at,
    ...(message !== undefined && { message }),
    state: 'requested',
  };
  await draft.putEntry({ ...found, cosignatureRequests: [...cosignatureRequests, request] });
  return request;
}

/** The supervisor's signature answers the request. */
export async function cosign(
  outside: ChartDraft,
  origin: Origin,
  note: string,
  { id, ...seen }: { readonly id: string } & Pick<NoteMove, 'ifVersion' | 'commands'>,
): Promise<void> {
  const { found } = await annotated(outside, note);
  const request = pending(found, id);
  if (!waitsFor(request, origin.actor)) {
    throw new Refusal('note.not-yours', { whose: 'the supervisor who was asked' });
  }
  refuseUnsigned(found, 'it can be co-signed once it is signed again');
  await moveNote(outside, origin, note, { to: 'signed', ...seen });
}

/** The requester withdraws it, or the supervisor returns it and says what to change. */
export async function endRequest(
  outside: ChartDraft,
  origin: Origin,
  note: string,
  wish: { readonly id: string; readonly state: 'withdrawn' | 'returned'; readonly reason?: string | undefined },
): Promise<void> {
  const { found, draft } = await annotated(outside, note);
  const request = pending(found, wish.id);
  if (wish.state === 'withdrawn') requireTheirs(origin, [request.by], 'whoever asked for the co-signature');
  else if (!waitsFor(request, origin.actor)) requireTheirs(origin, [], 'the supervisor who was asked');
  const ended = { by: who(origin.actor), at: draft.at, ...(wish.reason !== undefined && { reason: wish.reason }) };
  await draft.putEntry({
    ...found,
    cosignatureRequests: found.cosignatureRequests!.map((one) =>
      one === request ? { ...one, state: wish.state, ended } : one,
    ),
  });
}

function pending({ cosignatureRequests = [] }: Note, id: string): CosignatureRequest {
  const request = cosignatureRequests.find((one) => one.id === id);
  if (!request) throw new Refusal('note.no-request', { id });
  if (request.state === 'requested') return request;
  throw new Refusal('note.state', { reason: `the request for a co-signature is ${ENDED[request.state]} already` });
}

const ENDED = { signed: 'answered', withdrawn: 'withdrawn', returned: 'returned' } as const;

function refuseUnsigned({ state }: Note, otherwise: string): void {
  if (state !== 'signed') throw new Refusal('note.state', { reason: `the note is ${state}; ${otherwise}` });
}

function notAsked(message: string): Refusal {
  return new Refusal('request.invalid', { reason: message }, [{ path: '/practitioner', message }]);
}

function nameOf({ name }: Practitioner): { display?: string } {
  const display = nameText(name);
  return display ? { display } : {};
}
