// How records differ between entries (notes and commands) and resources: their patient, and their search index.

import { type ChartRecord, type Entry, isEntry } from '@chartwire/sdk/internal/records/chart-record';
import type { Note } from '@chartwire/sdk/internal/records/note';
import { waiting } from '@chartwire/sdk/internal/records/signatures';
import { patientOf } from '#r4/search-index.ts';
import type { SearchIndex } from '#store/contract.ts';

/** The patient whose chart a record is in; null outside any chart. */
export function ownerOf(record: ChartRecord): string | null {
  return isEntry(record) ? record.patient : patientOf(record);
}

/**
 * The search index of entries: a note's commands, the command that made a record, a visit's note, and notes by time and by
 * pending co-signature.
 */
export function indexEntry(entry: Entry): SearchIndex {
  const tokens =
    entry.resourceType === 'Note'
      ? [`state=${entry.state}`, ...(entry.encounter ? [`encounter=${entry.encounter}`] : []), ...waitingTokens(entry)]
      : [`state=${entry.state}`, `note=${entry.note}`, `command=${entry.command}`, ...entry.made.map(madeToken)];
  const dates = entry.resourceType === 'Note' ? [instant(entry.createdAt)] : [];
  return { tokens, dates, strings: [], quantities: [] };
}

/** A deleted note waits for nobody. */
function waitingTokens({ state, cosignatureRequests }: Note): string[] {
  if (state === 'deleted') return [];
  const tokens = waiting(cosignatureRequests).flatMap((request) => [
    ...(request.state === 'requested' ? [supervisorToken(request.of.practitioner)] : []),
    askerToken(request.by),
  ]);
  return [...new Set(tokens)];
}

/** For notes that wait for a supervisor's signature. */
export function supervisorToken(practitioner: string): string {
  return `cosigner=Practitioner/${practitioner}`;
}

/** For notes with a requested signature that is missing. */
export function askerToken({ type, id }: { readonly type: string; readonly id: string }): string {
  return `cosignature-asked-by=${type}/${id}`;
}

export function madeToken({ type, id }: { readonly type: string; readonly id: string }): string {
  return `made=${type}/${id}`;
}

/** The millisecond in which a note was created. */
function instant(at: string): SearchIndex['dates'][number] {
  return { p: 'date', l: at, h: new Date(Date.parse(at) + 1).toISOString() };
}

/** The note in which an entry is. */
export function noteOf(entry: Entry): string {
  return entry.resourceType === 'Note' ? entry.id : entry.note;
}
