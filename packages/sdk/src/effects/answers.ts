// Answers of gates (before an operation) and of searches (for options). Answers aren't effects: they write nothing, and the
// server merges them into the operation or the search.

import { type Static, Type } from 'typebox';
import { closed, Option, text } from '#kit/schema.ts';

const Said = closed({
  message: text(500, 'what the clinician reads'),
  field: Type.Optional(text(64, 'the field it is about')),
});

/** Answers of a gate. */
export const GATE_ANSWERS = {
  REFUSE: Said,
  CONFIRM: Said,
  AMEND: closed({
    fields: Type.Record(Type.String(), Type.Unknown(), { description: 'field names to their new values' }),
  }),
} as const;

export type GateAnswer = {
  [T in keyof typeof GATE_ANSWERS]: { readonly type: T; readonly payload: Static<(typeof GATE_ANSWERS)[T]> };
}[keyof typeof GATE_ANSWERS];

const Shown = closed({
  ...Option.properties,
  description: Type.Optional(text(500)),
  disabled: Type.Optional(Type.Boolean()),
  annotations: Type.Optional(Type.Array(text(200), { maxItems: 20 })),
});

const Values = Type.Array(Type.String(), { maxItems: 500, description: 'values of options' });

/** Answers of a search: operations that merge, or a whole list. */
export const SEARCH_ANSWERS = {
  /** In PRE_SEARCH it replaces the built-in search, in POST_SEARCH its results. Null changes nothing. */
  RESULTS: closed({ results: Type.Union([Type.Array(Shown, { maxItems: 500 }), Type.Null()]) }),
  ANNOTATE: closed({ value: Type.String(), annotation: text(200) }),
  PROMOTE: closed({ values: Values }),
  DEMOTE: closed({ values: Values }),
  HIDE: closed({ values: Values }),
  ADD: closed({ results: Type.Array(Shown, { maxItems: 100 }) }),
} as const;

export type SearchAnswer = {
  [T in keyof typeof SEARCH_ANSWERS]: { readonly type: T; readonly payload: Static<(typeof SEARCH_ANSWERS)[T]> };
}[keyof typeof SEARCH_ANSWERS];

/** An option in a list of search results. */
export type ShownOption = Static<typeof Shown>;
