// Command events that don't follow from a change: questions to plugins beforehand, and the selection of an option.

import type { Actor, DraftEvent, EventEnvelope } from '@chartwire/sdk/internal/kit/event';
import type { Option } from '@chartwire/sdk/internal/kit/schema';
import type { CommandEntry } from '@chartwire/sdk/internal/records/command-entry';
import type { Origin } from '../origin.ts';

/** The subject of a question, and who asks and when. */
export interface Asking {
  readonly entry: CommandEntry;
  /** The command's current version; 0 if it doesn't exist yet. */
  readonly version: number;
  readonly origin: Origin;
  /** ISO 8601. */
  readonly at: string;
  readonly newId: () => string;
}

/** The event for plugins. It isn't logged, since nothing has happened yet. */
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

/** An option was selected; the type depends on the field. */
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
