// A field to find a term of LOINC in, by any of its words or by its code; where that is allowed, words stand for themselves.

import { useDeferredValue, useState } from 'react';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { type Choice, Combobox } from '../ui/combobox.tsx';
import type { Tied } from '../ui/field.tsx';
import type { Test } from './filing.ts';

interface TermChoice extends Choice {
  readonly term: Test;
}

/** Terms listed at once. */
const MOST = 20;

export function TermPicker({
  tied,
  label,
  value,
  onChange,
  has,
  free = false,
  placeholder,
}: {
  readonly tied?: Tied;
  readonly label?: string;
  readonly value: Test | null;
  readonly onChange: (term: Test | null) => void;
  /** Flags that a term must have: `panel`, `imaging`. */
  readonly has?: string;
  /** What is typed may be kept without a code. */
  readonly free?: boolean;
  readonly placeholder?: string;
}) {
  const [query, setQuery] = useState('');
  const words = useDeferredValue(query.trim());
  const { data, isFetching, isPlaceholderData } = useApi(
    api.terms.search,
    { query: { system: 'loinc', query: words, has, lacks: 'inactive', limit: MOST } },
    { keep: true, staleTime: Number.POSITIVE_INFINITY },
  );
  // As it is typed comes last, and once it is known what else there is.
  const typed = free && words && data && !isPlaceholderData ? [typedChoice(words, data.items.length === 0)] : [];
  return (
    <Combobox<TermChoice>
      {...(tied && { tied })}
      {...(label && { label })}
      value={value && { value: value.code ?? '', text: value.display }}
      onChange={(choice) => onChange(choice?.term ?? null)}
      query={query}
      onQuery={setQuery}
      choices={data && [...data.items.map((term) => ({ ...choiceOf(term), fits: term.fits })), ...typed]}
      more={data !== undefined && data.items.length >= MOST}
      busy={isFetching}
      stale={isPlaceholderData || words !== query.trim()}
      placeholder={placeholder ?? 'Words or a code'}
      none="No such term. An administrator can import all of LOINC with chartwire terms import."
    />
  );
}

function choiceOf(term: Test): TermChoice {
  const { code = '', display } = term;
  return { value: code, text: display, description: code, term };
}

function typedChoice(display: string, alone: boolean): TermChoice {
  return { ...choiceOf({ display }), fits: alone, isTyped: true, description: 'As typed, without a code' };
}
