// The content of a chart, every version of it: FHIR R4 resources, and entries (notes and commands), for which FHIR has no
// resource.

import type { ExtractResource, Resource, ResourceType } from '@medplum/fhirtypes';
import type { CommandEntry } from './command-entry.ts';
import type { Note } from './note.ts';

export type Entry = Note | CommandEntry;
export type EntryType = Entry['resourceType'];
export type EntryOf<T extends EntryType> = Extract<Entry, { resourceType: T }>;

export type ChartRecord = Resource | Entry;
export type RecordType = ResourceType | EntryType;

/** The records of a type; any record if the type is only known at run time. */
export type RecordOf<T extends string> = T extends EntryType
  ? EntryOf<T>
  : T extends ResourceType
    ? ExtractResource<T>
    : ChartRecord;

export function isEntryType(type: string): type is EntryType {
  return type === 'Note' || type === 'Command';
}

export function isEntry(record: ChartRecord | null | undefined): record is Entry {
  return Boolean(record) && isEntryType(record!.resourceType);
}

export function isResource(record: ChartRecord | null | undefined): record is Resource {
  return Boolean(record) && !isEntryType(record!.resourceType);
}
