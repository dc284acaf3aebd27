// What of a chart's records differs between entries, its notes and commands, and resources: whose they are, what they are found by.

import { type ChartRecord, type Entry, isEntry } from '@chartwire/sdk/internal/records/chart-record';
import type { Note } from '@chartwire/sdk/internal/records/note';
import { waiting } from '@chartwire/sdk/internal/records/signatures';
import { patientOf } from '#r4/search-index.ts';
import type { SearchIndex } from '#store/contract.ts';

/** The patient in whose chart a record is; null for a record outside any. */
export function ownerOf(record: ChartRecord): string | null {
  return isEntry(record) ? record.patient : patientOf(record);
}

/**
 * What entries are found by: a note's commands, the command that made a record, a visit's note, notes by time and by
 * whose co-signature they wait for.
 */
export function indexEntry(entry: Entry): SearchIndex {
  const tokens =
    entry.resourceType === 'Note'
      ? [`state=${entry.state}`, ...(entry.encounter ? [`encounter=${entry.encounter}`] : []), ...waitingTokens(entry)]
      : [`state=${entry.state}`, `note=${entry.note}`, `command=${entry.command}`, ...entry.made.map(madeToken)];
  const dates = entry.resourceType === 'Note' ? [instant(entry.createdAt)] : [];
  return { tokens, dates, strings: [], quantities: [] };
}

/** A note in the bin waits for nobody. */
function waitingTokens({ state, cosignatureRequests }: Note): string[] {
  if (state === 'deleted') return [];
  const tokens = waiting(cosignatureRequests).flatMap((request) => [
    ...(request.state === 'requested' ? [supervisorToken(request.of.practitioner)] : []),
    askerToken(request.by),
  ]);
  return [...new Set(tokens)];
}

/** Of notes that wait for a supervisor's signature. */
export function supervisorToken(practitioner: string): string {
  return `cosigner=Practitioner/${practitioner}`;
}

/** Of notes for which somebody asked for a signature that isn't there yet. */
export function askerToken({ type, id }: { readonly type: string; readonly id: string }): string {
  return `cosignature-asked-by=${type}/${id}`;
}

export function madeToken({ type, id }: { readonly type: string; readonly id: string }): string {
  return `made=${type}/${id}`;
}

/** The millisecond in which a note was begun. */
function instant(at: string): SearchIndex['dates'][number] {
  return { p: 'date', l: at, h: new Date(Date.parse(at) + 1).toISOString() };
}

/** The note in which an entry is. */
export function noteOf(entry: Entry): string {
  return entry.resourceType === 'Note' ? entry.id : entry.note;
}
