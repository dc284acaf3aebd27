// Answers of a handler to a gate or to a search.

import type { GateAnswer, SearchAnswer, ShownOption } from '#effects/answers.ts';

export type { GateAnswer, SearchAnswer, ShownOption };

/** Refuses the operation. `message` is shown to the user, at `field` if given. */
export function refuse(message: string, options: { field?: string } = {}): GateAnswer {
  return { type: 'REFUSE', payload: { message, ...options } };
}

/**
 * Allows the operation if the user gives a reason, which is recorded with the command. `message` says what to consider, and is
 * shown at `field` if given.
 */
export function confirm(message: string, options: { field?: string } = {}): GateAnswer {
  return { type: 'CONFIRM', payload: { message, ...options } };
}

/** Carries out the operation with these field values instead, by field name. */
export function amend(fields: Readonly<Record<string, unknown>>): GateAnswer {
  return { type: 'AMEND', payload: { fields: { ...fields } } };
}

/** Adds a chip with the text `annotation` to the option whose value is `value`. */
export function annotate(value: string, annotation: string): SearchAnswer {
  return { type: 'ANNOTATE', payload: { value, annotation } };
}

/** Lists the options with these values first, in this order. */
export function promote(...values: string[]): SearchAnswer {
  return { type: 'PROMOTE', payload: { values } };
}

/** Lists the options with these values last, in this order. */
export function demote(...values: string[]): SearchAnswer {
  return { type: 'DEMOTE', payload: { values } };
}

/** Leaves out the options with these values. */
export function hide(...values: string[]): SearchAnswer {
  return { type: 'HIDE', payload: { values } };
}

/** Adds options of the plugin's own after the others. */
export function add(...results: ShownOption[]): SearchAnswer {
  return { type: 'ADD', payload: { results } };
}

/**
 * Replaces the whole list: the built-in search if it answers PRE_SEARCH, its results if it answers POST_SEARCH. Null changes
 * nothing.
 */
export function results(list: readonly ShownOption[] | null): SearchAnswer {
  return { type: 'RESULTS', payload: { results: list && [...list] } };
}
