// Events in words: what happened, who did it, through which door. The sentences are those of the catalogue.

import { eventByType } from '@chartwire/sdk/internal/events/catalogue';
import type { Actor } from '@chartwire/sdk/internal/kit/event';
import type { BriefEvent } from './shapes.ts';
import { tableOf } from '../table-of.ts';

/** `A task was created`, `The Plan command was committed`: as it is told afterwards. Of a Flag, `A banner was created`. */
export function eventText(type: string): string {
  const event = eventByType(type);
  if (!event) return type;
  const { summary, origin } = event;
  const text = summary.replace(/\.$/, '').replace(' is now ', ' was ').replace(/^Any /, 'A ');
  const kind = origin.of === 'record' && KINDS[origin.record.resource];
  return kind ? text.replace(origin.record.label.toLowerCase(), kind) : text;
}

/** The same where a sentence goes on: `a task was created`. */
export function eventClause(type: string): string {
  const text = eventText(type);
  return `${text[0]!.toLowerCase()}${text.slice(1)}`;
}

export function actorText({ display, id, type }: Actor): string {
  if (type === 'system') return display ?? 'Chartwire';
  return display ?? id;
}

const DOORS: Readonly<Record<BriefEvent['source'], string>> = {
  fhir: 'FHIR',
  api: 'API',
  web: 'Browser',
  hl7: 'HL7 v2',
  effect: 'Plugin',
  clock: 'Clock',
  cli: 'Command line',
  system: 'Server',
};

export const SOURCES = Object.keys(DOORS) as readonly BriefEvent['source'][];

export function doorText(source: BriefEvent['source']): string {
  return DOORS[source];
}

const KINDS: Readonly<Record<string, string>> = tableOf({
  Flag: 'banner',
  GuidanceResponse: 'protocol card',
  Communication: 'message',
  ChargeItem: 'billing line',
});

/** What a person calls a record of a type: `lab report` is the event's word, `diagnostic report` the type's. */
export function typeText(type: string): string {
  return KINDS[type] ?? type.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

/** `CREATE_TASK` to `Create task`. */
export function effectText(type: string): string {
  const words = type.replaceAll('_', ' ').toLowerCase();
  return `${words[0]!.toUpperCase()}${words.slice(1)}`;
}

const TENTHS_BELOW = 10;

/** `0.4 ms`, `38 ms`, `2.1 s`. */
export function msText(ms: number): string {
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${ms < TENTHS_BELOW ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`;
}
