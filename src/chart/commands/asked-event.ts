// The event that plugins are given when they are asked about a command: it is in no log, nothing has happened yet.

import type { EventEnvelope } from '#kit/event.ts';
import type { CommandEntry } from '#records/command-entry.ts';
import type { Origin } from '../contract.ts';

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

export function askedEvent(asking: Asking, type: string, context: object): EventEnvelope<string, object> {
  const { entry, version, origin, at, newId } = asking;
  const { id, command: key, state, note, patient } = entry;
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
    context: { command: { id, key, state, version }, note, patient, ...context },
  };
}
