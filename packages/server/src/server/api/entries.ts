// Shared by the routes of notes and commands: how both are shown, whose chart is touched, and conflicts with both sides.

import type { Static } from 'typebox';
import type { ChartReader, Written } from '#chart/contract.ts';
import type { Origin } from '#chart/origin.ts';
import type { ChartDraft, Check } from '#chart/draft.ts';
import { storedEntry, type StoredEntry } from '#chart/entries-of.ts';
import type { EntryType } from '@chartwire/sdk/internal/records/chart-record';
import type { Score } from '#chart/questionnaires/score.ts';
import type { Actor } from '@chartwire/client/internal/contract/actor';
import type { CommandShape, ScoreShape } from '@chartwire/client/internal/contract/command';
import type { AddendumShape, CosignatureRequestShape, NoteShape } from '@chartwire/client/internal/contract/note';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Addendum, CosignatureRequest } from '@chartwire/sdk/internal/records/signatures';
import type { Call } from '../route.ts';
import type { Services } from '../services.ts';

type ActorShape = Static<typeof Actor>;

/** As in an answer of the API. */
export function scoreView({ critical, ...score }: Score): Static<typeof ScoreShape> {
  return { ...score, critical: [...critical] };
}

/** A person or program as stored with their actions. */
function actorView(who: Omit<ActorShape, 'type'> & { readonly type: string }): ActorShape {
  // Only callers with an authority are stored, and they have one of its types.
  return { ...who, type: who.type as ActorShape['type'] };
}

export function commandView({ entry, version }: StoredEntry<'Command'>, checks: readonly Check[] = []): CommandShape {
  const { id, command, state, fields, note, patient } = entry;
  const { made, overrides, unanswered = [], enteredInError, actions } = entry;
  const kept = { made, overrides, unanswered, ...(enteredInError && { enteredInError }), actions };
  const told = checks.length > 0 ? { checks: [...checks] } : {};
  return { id, command, state, fields, note, patient, version, ...kept, ...told };
}

/** A command with the results of its answers, shown by itself or in its note. */
export async function commandWithResults(
  { lists }: ChartReader,
  command: StoredEntry<'Command'>,
  checks: readonly Check[] = [],
): Promise<CommandShape> {
  const { entry } = command;
  const [results, scores] = await Promise.all([lists.resultsOf(entry), lists.scoresOf([entry])]);
  const scored = scores.get(entry.id) ?? [];
  return {
    ...commandView(command, checks),
    ...(results.length > 0 && { results: [...results] }),
    ...(scored.length > 0 && { scores: scored.map(scoreView) }),
  };
}

export function noteView({ entry, version }: StoredEntry<'Note'>): NoteShape {
  const { id, patient, encounter, title, type, state, body, createdAt, lockedAt, signedAt, signedBy } = entry;
  return {
    id,
    patient,
    encounter,
    title,
    type,
    state,
    body,
    author: actorView(entry.author),
    createdAt,
    lockedAt: lockedAt ?? null,
    signedAt: signedAt ?? null,
    signedBy: signedBy ? actorView(signedBy) : null,
    signatures: (entry.signatures ?? []).map((one) => ({ ...one, by: actorView(one.by) })),
    history: (entry.history ?? []).map((step) => ({
      ...step,
      by: actorView(step.by),
      reason: step.reason ?? null,
    })),
    addenda: (entry.addenda ?? []).map(addendumView),
    cosignatureRequests: (entry.cosignatureRequests ?? []).map(requestView),
    version,
  };
}

export function addendumView({ by, enteredInError: error, ...addendum }: Addendum): AddendumShape {
  return { ...addendum, by: actorView(by), enteredInError: error ? { ...error, by: actorView(error.by) } : null };
}

export function requestView({ by, message, ended, ...request }: CosignatureRequest): CosignatureRequestShape {
  return {
    ...request,
    by: actorView(by),
    message: message ?? null,
    ended: ended ? { ...ended, by: actorView(ended.by), reason: ended.reason ?? null } : null,
  };
}

type Entering = Pick<Call, 'access' | 'concerns'>;

/** For entries that weren't written just now. */
export const UNWRITTEN: Written = { versions: [], unchanged: [], events: [] };

/** Loads the note or command in the path, and notes its patient for the audit trail. */
export async function entered<T extends EntryType>(
  call: Entering,
  { chart }: Pick<Services, 'chart'>,
  type: T,
  id: string,
): Promise<StoredEntry<T>> {
  const { lists } = chart.reader(originOf(call));
  const found = await lists.entry(type, id);
  if (!found) throw notFound(type, id);
  call.concerns(found.entry.patient);
  return found;
}

export function originOf({ access }: Pick<Call, 'access'>, note?: string): Origin {
  const { actor, purpose, disclose } = access;
  return {
    actor,
    source: 'api',
    authority: access,
    trail: access.trail(),
    ...(purpose !== undefined && { purpose }),
    disclose,
    ...(note !== undefined && { note }),
  };
}

/** The written state of one entry, or the state as found if it wasn't written. */
export async function afterwards<T extends EntryType>(
  reader: ChartReader,
  written: Written,
  type: T,
  id: string,
): Promise<StoredEntry<T>> {
  const found = storedEntry(type, await reader.afterwards(written, type, id));
  if (!found) throw new Error(`${type}/${id} is gone though it was just changed`);
  return reader.lists.withEarlier(found);
}

/** What the checks said about a command in this unit of work. */
export function checksOf(draft: ChartDraft, id: string): readonly Check[] {
  return draft.records.find((record) => record.type === 'Command' && record.id === id)?.checks ?? [];
}

/** The same within a draft, sharing its reads. */
async function enteredIn<T extends EntryType>(call: Entering, draft: ChartDraft, type: T, id: string): Promise<void> {
  const entry = await draft.entry(type, id);
  if (!entry) throw notFound(type, id);
  call.concerns(entry.patient);
}

function notFound(type: EntryType, id: string): Refusal {
  return new Refusal(type === 'Note' ? 'note.not-found' : 'command.not-found', { id });
}

/** What to change, from which version if given, and to what, for the answer to a conflict. */
interface Target {
  readonly type: EntryType;
  readonly id: string;
  readonly version: number | undefined;
  readonly proposed: unknown;
  /** The permission needed. */
  readonly permission: 'u' | 'd';
}

/**
 * Changes an entry, in a chart that the caller may access. A conflict is a 409 with both sides: the current state, and the
 * caller's proposal.
 */
export async function changing<R>(
  call: Entering,
  services: Pick<Services, 'chart'>,
  target: Target,
  work: (draft: ChartDraft, origin: Origin) => Promise<R>,
): Promise<{ result: R; written: Written }> {
  const { type, id, version, permission } = target;
  const origin = originOf(call);
  try {
    return await services.chart.withChart(origin, async (draft) => {
      await enteredIn(call, draft, type, id);
      // Without permission, the caller learns nothing and no gate runs.
      await draft.implied(type, permission).claim(type, id, 'u');
      // Before any gate sees an invalid proposal.
      if (version !== undefined && (await draft.versionOf(type, id)) !== version)
        throw await conflict(services.chart.reader(origin), target);
      return work(draft, origin);
    });
  } catch (error) {
    const lost = error instanceof Refusal && ['record.conflict', 'record.version-mismatch'].includes(error.code);
    const ours = lost && error.values.reference === `${type}/${id}` && error.extensions.current === undefined;
    throw ours ? await conflict(services.chart.reader(origin), target) : error;
  }
}

async function conflict(reader: ChartReader, { type, id, proposed }: Target): Promise<Refusal> {
  const now = storedEntry(type, await reader.afterwards(UNWRITTEN, type, id));
  if (!now) return notFound(type, id);
  const { entry, version } = await reader.lists.withEarlier(now);
  const current = entry.resourceType === 'Note' ? noteView({ entry, version }) : commandView({ entry, version });
  return new Refusal('record.conflict', { reference: `${type}/${id}`, actual: version }, [], { current, proposed });
}
