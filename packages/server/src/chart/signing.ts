// Signs a note: the signature says who, when, in which role, and which version was signed.

import { type Fault, Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Actor } from '@chartwire/sdk/internal/kit/event';
import type { Note } from '@chartwire/sdk/internal/records/note';
import {
  type CosignatureRequest,
  isSame,
  type Signature,
  SIGNING,
  standing,
} from '@chartwire/sdk/internal/records/signatures';
import { who } from './commands/kept.ts';
import type { ChartDraft } from './draft.ts';

/** The signer, with their Practitioner if they are one. */
export function signer(actor: Actor): Signature['by'] {
  return { ...who(actor), ...(actor.practitioner !== undefined && { practitioner: actor.practitioner }) };
}

/** Nobody signs the same text twice. */
export function refuseSignedBy(actor: Actor, note: Note): void {
  if (!standing(note).some(({ by }) => isSame(by, actor))) return;
  throw new Refusal('note.state', { reason: 'the note is signed, and you have signed it as it is' });
}

/** Versions of commands, by id. */
export type Seen = Readonly<Record<string, number>>;

/** Editing a command doesn't change its note's version, so the signer also says which commands they saw. */
export async function refuseUnseen(draft: ChartDraft, { body }: Note, seen: Seen): Promise<void> {
  const ids = body.flatMap((line) => ('command' in line ? [line.command] : []));
  const faults = Object.keys(seen).flatMap((one) => (ids.includes(one) ? [] : fault(one, 'is not in the note')));
  for (const one of ids) {
    const version = await draft.versionOf('Command', one);
    // None of them may change in the meantime.
    draft.hold('Command', one);
    if (!Object.hasOwn(seen, one)) faults.push(...fault(one, `is in the note, at version ${version}`));
    else if (seen[one] !== version) faults.push(...fault(one, `is at version ${version}`));
  }
  if (faults.length > 0) throw new Refusal('note.unseen', {}, faults);
}

function fault(command: string, message: string): Fault[] {
  return [{ path: `/commands/${command}`, message }];
}

/** The note with another signature, which also answers a request to the signer. */
export function signed(
  note: Note,
  actor: Actor,
  { role, at, version }: { readonly role?: string | undefined; readonly at: string; readonly version: number },
): Note {
  const asked = (note.cosignatureRequests ?? []).filter((request) => waitsFor(request, actor));
  const signature: Signature = { by: signer(actor), at, role: roleOf(role, usualRole(note, actor, asked)), version };
  const before = standing(note);
  const { by: signedBy, at: signedAt } = before[0] ?? signature;
  const ended = { by: who(actor), at };
  return {
    ...note,
    state: 'signed',
    lockedAt: note.lockedAt ?? at,
    signedBy,
    signedAt,
    signatures: [...(note.signatures ?? []), signature],
    cosignatureRequests: (note.cosignatureRequests ?? []).map((request) =>
      asked.includes(request) ? { ...request, state: 'signed', ended } : request,
    ),
  };
}

/** Whether a request to a supervisor is pending. */
export function waitsFor({ state, of }: CosignatureRequest, { practitioner }: Actor): boolean {
  return state === 'requested' && practitioner !== undefined && of.practitioner === practitioner;
}

/** The first signer is the author, or else the writer if nobody has signed as the author; later ones are additional. */
function usualRole({ author, signatures = [] }: Note, actor: Actor, asked: readonly CosignatureRequest[]): string {
  if (asked.length > 0) return SIGNING.coSigner;
  const others = signatures.filter(({ by }) => !isSame(by, actor));
  const isTaken = others.some(({ role }) => role === SIGNING.author);
  const isBeside = isTaken || (others.length > 0 && !isSame(author, actor));
  return isBeside ? SIGNING.coAuthor : SIGNING.author;
}

/** The practice's own role, or the default. Chartwire's other roles can't be claimed in any spelling. */
function roleOf(wish: string | undefined, usual: string): string {
  if (wish === undefined) return usual;
  const given = Object.values(SIGNING).some((role) => letters(role) === letters(wish));
  if (!given) return wish;
  if (letters(wish) === letters(usual)) return usual;
  const message = `is a role that Chartwire gives: leave it out to sign as ${usual}, or send a role of your practice’s own`;
  throw new Refusal('request.invalid', { reason: `in this note, your role is ${usual}` }, [{ path: '/role', message }]);
}

function letters(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
