// Who is responsible for a note: its signatures, which are never removed, its locks and unlocks, its addenda, and requests to
// co-sign.

import { type Static, Type } from 'typebox';
import { closed, fhirId, text } from '#kit/schema.ts';

export const Who = closed({ type: text(20), id: text(255), display: Type.Optional(text(255)) });
export type Who = Static<typeof Who>;

/** A signer's Practitioner is recorded, if they are one. */
const Signer = closed({ ...Who.properties, practitioner: Type.Optional(fhirId('the Practitioner who they are')) });

const Reason = text(1_000, 'why, in the words of whoever did it');
const Version = Type.Integer({ minimum: 1, description: 'the version of the note that it made' });

/** Chartwire's own roles; a practice may add others. */
export const SIGNING = { author: 'author', coAuthor: 'co-author', coSigner: 'co-signer' } as const;
const SigningRole = text(50, 'in which role: author, co-author, co-signer, or another of the practice’s own');

/** The signature covers the note at this version, with its commands at that time. */
export const Signature = closed({ by: Signer, at: Type.String(), role: SigningRole, version: Version });
export type Signature = Static<typeof Signature>;

export const STEPS = ['locked', 'unlocked', 'deleted', 'restored'] as const;
/** A change of state other than a signature. Unlocks have a reason since notes store their steps. */
export const NoteStep = closed({
  what: Type.Enum([...STEPS]),
  by: Who,
  at: Type.String(),
  version: Version,
  reason: Type.Optional(Reason),
});
export type NoteStep = Static<typeof NoteStep>;

/** Added below a locked or signed note, with its own signature: by whom, and when. Never edited. */
export const Addendum = closed({
  id: fhirId('the addendum'),
  by: Signer,
  at: Type.String(),
  text: text(20_000),
  enteredInError: Type.Optional(closed({ by: Who, at: Type.String(), reason: Reason })),
});
export type Addendum = Static<typeof Addendum>;

export const COSIGNATURE_STATES = ['requested', 'signed', 'withdrawn', 'returned'] as const;
/** A signer asks a supervisor to co-sign. */
export const CosignatureRequest = closed({
  id: fhirId('the request'),
  /** Who is asked. */
  of: closed({ practitioner: fhirId('the supervisor'), display: Type.Optional(text(255)) }),
  by: Who,
  at: Type.String(),
  message: Type.Optional(text(1_000, 'what the supervisor should know')),
  state: Type.Enum([...COSIGNATURE_STATES]),
  /** How it ended; `reason` for a returned one. */
  ended: Type.Optional(closed({ by: Who, at: Type.String(), reason: Type.Optional(Reason) })),
});
export type CosignatureRequest = Static<typeof CosignatureRequest>;

/** The members of a note that say who is responsible for it. */
interface Attested {
  readonly state: string;
  readonly signatures?: readonly Signature[];
  readonly history?: readonly NoteStep[];
}

/** The signatures for the current text: none for an open note, and none from before the last unlock. */
export function standing({ state, signatures = [], history = [] }: Attested): readonly Signature[] {
  if (state !== 'signed') return [];
  const unlocked = history.findLast(({ what }) => what === 'unlocked')?.version ?? 0;
  return signatures.filter(({ version }) => version > unlocked);
}

/** The members of a note that say whose it is. */
interface Owned extends Omit<Attested, 'state'> {
  readonly author: Who;
  readonly cosignatureRequests?: readonly Pick<CosignatureRequest, 'by' | 'state' | 'ended'>[];
}

/**
 * Who may unlock a note because it is theirs: its author, who locked it until another person signs it, who signed it while it
 * was open or locked by themselves (again after each unlock), and supervisors who co-signed at their request. Signing what
 * another person locked or signed gives no right, and neither does a lock from before another person's signature.
 */
export function ownersOf({ author, signatures = [], history = [], cosignatureRequests = [] }: Owned): readonly Who[] {
  const locked = history
    .filter(
      ({ what, by, version }) =>
        what === 'locked' && !signatures.some((one) => one.version > version && !isSame(one.by, by)),
    )
    .map(({ by }) => by);
  const unlocks = history.filter(({ what }) => what === 'unlocked').map(({ version }) => version);
  const first = signatures.filter(({ by, version }, index) => {
    const before = signatures[index - 1];
    const step = history.findLast((one) => one.version < version);
    if (step?.what === 'locked' && !isSame(step.by, by)) return false;
    return !before || unlocks.some((unlock) => unlock > before.version && unlock <= version);
  });
  const owners: Who[] = [author, ...locked, ...first.map(({ by }) => by)];
  for (const { by, state, ended } of cosignatureRequests) {
    if (state === 'signed' && ended && owners.some((one) => isSame(one, by))) owners.push(ended.by);
  }
  return owners;
}

export function isSame(one: Pick<Who, 'type' | 'id'>, other: Pick<Who, 'type' | 'id'>): boolean {
  return one.type === other.type && one.id === other.id;
}

/** Pending requests: to sign, or, if the last one was returned, to ask again. */
export function waiting(requests: readonly CosignatureRequest[] = []): readonly CosignatureRequest[] {
  return requests.filter(
    ({ state }, index) => state === 'requested' || (state === 'returned' && index === requests.length - 1),
  );
}
