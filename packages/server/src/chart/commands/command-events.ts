// The events about a command that no change tells: what plugins are asked before it, and that an option was picked.

import type { Actor, DraftEvent, EventEnvelope } from '@chartwire/sdk/internal/kit/event';
import type { Option } from '@chartwire/sdk/internal/kit/schema';
import type { CommandEntry } from '@chartwire/sdk/internal/records/command-entry';
import type { Origin } from '../origin.ts';

/** What is asked about, by whom and when. */
export interface Asking {
  readonly entry: CommandEntry;
  /** Of the command as it is; 0 for one that is not there yet. */
  readonly version: number;
  readonly origin: Origin;
  /** ISO 8601. */
  readonly at: string;
  readonly newId: () => string;
}

/** What plugins are given when they are asked: it is in no log, nothing has happened yet. */
export function askedEvent(asking: Asking, type: string, context: object): EventEnvelope {
  const { entry, version, origin, at, newId } = asking;
  const { id, note, patient } = entry;
  return {
    id: newId(),
    type,
    target: { type: 'Command', id, version },
    patient,
    note,
    actor: origin.actor,
    source: origin.source,
    at,
    chartVersion: null,
    cause: origin.cause ?? null,
    depth: origin.depth ?? 0,
    context: { ...contextOf(entry, version), ...context },
  };
}

/** An option was picked; its type is of the field. */
export function selectedEvent(
  entry: CommandEntry,
  version: number,
  { option = null, ...picked }: { field: string; option: Option | null | undefined; user: Actor },
): Omit<DraftEvent, 'type'> {
  const { id, patient, fields } = entry;
  const context = { ...contextOf(entry, version), ...picked, fields, option };
  return { target: { type: 'Command', id }, patient, context };
}

function contextOf({ id, command: key, state, note, patient }: CommandEntry, version: number): object {
  return { command: { id, key, state, version }, note, patient };
}
