// Signing a note: the signature says who, when, in which role, and the version of the note that holds what was signed.

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

/** Who signs, with their Practitioner where they are one. */
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

/** Edits of a command leave its note at the version it has: whoever signs says which commands they saw, too. */
export async function refuseUnseen(draft: ChartDraft, { body }: Note, seen: Seen): Promise<void> {
  const ids = body.flatMap((line) => ('command' in line ? [line.command] : []));
  const faults = Object.keys(seen).flatMap((one) => (ids.includes(one) ? [] : fault(one, 'is not in the note')));
  for (const one of ids) {
    const version = await draft.versionOf('Command', one);
    // None of them must be changed meanwhile.
    draft.hold('Command', one);
    if (!Object.hasOwn(seen, one)) faults.push(...fault(one, `is in the note, at version ${version}`));
    else if (seen[one] !== version) faults.push(...fault(one, `is at version ${version}`));
  }
  if (faults.length > 0) throw new Refusal('note.unseen', {}, faults);
}

function fault(command: string, message: string): Fault[] {
  return [{ path: `/commands/${command}`, message }];
}

/** The note with one more signature, which answers what the signer was asked for. */
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

/** Whether a supervisor has still to answer a request. */
export function waitsFor({ state, of }: CosignatureRequest, { practitioner }: Actor): boolean {
  return state === 'requested' && practitioner !== undefined && of.practitioner === practitioner;
}

/** The first to sign is its author, or whoever wrote it while nobody else signed as that; others are beside them. */
function usualRole({ author, signatures = [] }: Note, actor: Actor, asked: readonly CosignatureRequest[]): string {
  if (asked.length > 0) return SIGNING.coSigner;
  const others = signatures.filter(({ by }) => !isSame(by, actor));
  const isTaken = others.some(({ role }) => role === SIGNING.author);
  const isBeside = isTaken || (others.length > 0 && !isSame(author, actor));
  return isBeside ? SIGNING.coAuthor : SIGNING.author;
}

/** The practice's own, or the usual one: nobody claims another of those that Chartwire gives, however it is written. */
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
