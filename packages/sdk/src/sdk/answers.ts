// What a handler answers when it is asked: a gate before something happens, a search for options.

import type { GateAnswer, SearchAnswer, ShownOption } from '#effects/answers.ts';

export type { GateAnswer, SearchAnswer, ShownOption };

/** It may not be done. `field` shows the message where it belongs. */
export function refuse(message: string, options: { field?: string } = {}): GateAnswer {
  return { type: 'REFUSE', payload: { message, ...options } };
}

/** It may be done if the clinician gives a reason, which is kept. */
export function confirm(message: string, options: { field?: string } = {}): GateAnswer {
  return { type: 'CONFIRM', payload: { message, ...options } };
}

/** It is done with these values instead. */
export function amend(fields: Readonly<Record<string, unknown>>): GateAnswer {
  return { type: 'AMEND', payload: { fields: { ...fields } } };
}

/** A chip beside an option. */
export function annotate(value: string, annotation: string): SearchAnswer {
  return { type: 'ANNOTATE', payload: { value, annotation } };
}

/** These options first, in this order. */
export function promote(...values: string[]): SearchAnswer {
  return { type: 'PROMOTE', payload: { values } };
}

/** These options last, in this order. */
export function demote(...values: string[]): SearchAnswer {
  return { type: 'DEMOTE', payload: { values } };
}

export function hide(...values: string[]): SearchAnswer {
  return { type: 'HIDE', payload: { values } };
}

/** Options of the plugin's own, after the others. */
export function add(...results: ShownOption[]): SearchAnswer {
  return { type: 'ADD', payload: { results } };
}

/** The whole list: before the built-in search instead of it, after it in its place. Null leaves all as it is. */
export function results(list: readonly ShownOption[] | null): SearchAnswer {
  return { type: 'RESULTS', payload: { results: list && [...list] } };
}
