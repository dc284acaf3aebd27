// Reads notes and commands: a patient's notes, and a note's commands. FHIR search doesn't cover them.

import type { Patient, QuestionnaireResponse } from '@medplum/fhirtypes';
import { type EntryOf, type EntryType, isEntry } from '@chartwire/sdk/internal/records/chart-record';
import { resultOf, type ShownResult } from '@chartwire/sdk/internal/records/questionnaire-result';
import type { Store, StoredVersion } from '#store/contract.ts';
import { type Score, scoreOf } from './questionnaires/score.ts';

/** A stored note or command. */
export interface StoredEntry<T extends EntryType = EntryType> {
  readonly entry: EntryOf<T>;
  readonly version: number;
}

type Reads = Pick<Store, 'current' | 'currentAll' | 'entries'>;

export async function findEntry<T extends EntryType>(
  store: Reads,
  type: T,
  id: string,
): Promise<StoredEntry<T> | undefined> {
  return storedEntry(type, await store.current(type, id));
}

/** The version as an entry of that type; undefined otherwise. */
export function storedEntry<T extends EntryType>(
  type: T,
  stored: StoredVersion | undefined,
): StoredEntry<T> | undefined {
  const entry = stored?.record;
  if (!isEntry(entry) || entry.resourceType !== type) return undefined;
  return { entry: entry as EntryOf<T>, version: stored!.version };
}

/** Newest first. `before` is the id of the previous page's last note. */
export async function notesOf(
  store: Reads,
  page: { patient?: string; state?: string; token?: string; before?: string; limit: number },
): Promise<StoredEntry<'Note'>[]> {
  const { patient, state, token = state === undefined ? undefined : `state=${state}`, before, limit } = page;
  const found = await store.entries('Note', {
    limit,
    ...(patient !== undefined && { patient }),
    ...(token !== undefined && { token }),
    ...(before !== undefined && { before }),
  });
  return found.flatMap((stored) => storedEntry('Note', stored) ?? []);
}

/** Results that plugins and clinicians derived from a command's questionnaire answers; empty for other commands. */
export async function resultsOf(store: Reads, { made }: EntryOf<'Command'>): Promise<ShownResult[]> {
  const interviews = made.filter(({ type }) => type === 'QuestionnaireResponse').map(({ id }) => id);
  const observations = made.flatMap(({ type, id }) => (type === 'Observation' ? [{ type, id } as const] : []));
  if (interviews.length === 0 || observations.length === 0) return [];
  const named = new Set(interviews.map((id) => `QuestionnaireResponse/${id}`));
  const found = await store.currentAll(observations);
  return found.flatMap(({ record }) => (record ? (resultOf(record, named) ?? []) : []));
}

/** The results of the answers in commands, by command, read at once for any number of commands. */
export async function scoresOf(
  store: Reads,
  commands: readonly EntryOf<'Command'>[],
): Promise<ReadonlyMap<string, Score[]>> {
  const interviews = commands.flatMap(({ made }) => made.filter(({ type }) => type === 'QuestionnaireResponse'));
  if (interviews.length === 0) return new Map();
  const patients = [...new Set(commands.map(({ patient }) => patient))].map((id) => ({ type: 'Patient', id }));
  const found = await store.currentAll([...interviews, ...patients]);
  const records = new Map(found.map(({ type, id, record }) => [`${type}/${id}`, record]));
  return new Map(
    commands.map(({ id, patient, made }) => {
      const { gender } = (records.get(`Patient/${patient}`) ?? {}) as Patient;
      const answers = made.flatMap((one) =>
        one.type === 'QuestionnaireResponse' ? (records.get(`${one.type}/${one.id}`) ?? []) : [],
      );
      return [id, answers.flatMap((one) => scoreOf(one as QuestionnaireResponse, gender) ?? [])];
    }),
  );
}

/** In the order of the page. */
export async function commandsOf(
  store: Reads,
  { body }: { readonly body: EntryOf<'Note'>['body'] },
): Promise<StoredEntry<'Command'>[]> {
  const ids = commandIds({ body });
  return inOrder(ids, await store.currentAll(ids.map((id) => ({ type: 'Command', id }))));
}

/** Of its commands, in the order of the page. */
export function commandIds({ body }: Pick<EntryOf<'Note'>, 'body'>): string[] {
  return body.flatMap((line) => ('command' in line ? [line.command] : []));
}

export function inOrder(ids: readonly string[], found: readonly StoredVersion[]): StoredEntry<'Command'>[] {
  const byId = new Map(found.map((stored) => [stored.id, stored]));
  return ids.flatMap((id) => storedEntry('Command', byId.get(id)) ?? []);
}
