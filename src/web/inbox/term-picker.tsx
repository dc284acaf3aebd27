// A field to find a term of LOINC in, by any of its words or by its code.

import { useDeferredValue, useState } from 'react';
import type { TermShape } from '#server/api/terms.ts';
import { useApi } from '../api/queries.ts';
import { type Choice, Combobox } from '../ui/combobox.tsx';
import type { Tied } from '../ui/field.tsx';

interface TermChoice extends Choice {
  readonly term: TermShape;
}

export function TermPicker({
  tied,
  label,
  value,
  onChange,
  has,
  placeholder,
  autoFocus,
}: {
  readonly tied?: Tied;
  readonly label?: string;
  readonly value: TermShape | null;
  readonly onChange: (term: TermShape | null) => void;
  /** Flags that a term must have: `panel`, `imaging`. */
  readonly has?: string;
  readonly placeholder?: string;
  readonly autoFocus?: boolean;
}) {
  const [query, setQuery] = useState('');
  const words = useDeferredValue(query.trim());
  const { data, isFetching } = useApi<{ items: readonly TermShape[] }>(
    '/api/terms/search',
    { system: 'loinc', query: words, has, lacks: 'inactive', limit: 20 },
    { keep: true, staleTime: Number.POSITIVE_INFINITY },
  );
  return (
    <Combobox<TermChoice>
      {...(tied && { tied })}
      {...(label && { label })}
      {...(autoFocus && { autoFocus })}
      value={value && choiceOf(value)}
      onChange={(choice) => onChange(choice?.term ?? null)}
      query={query}
      onQuery={setQuery}
      choices={data?.items.map(choiceOf)}
      busy={isFetching}
      placeholder={placeholder ?? 'Words or a code'}
      none="No such term here. An admin can bring in the whole of LOINC: chartwire terms import."
    />
  );
}

function choiceOf(term: TermShape): TermChoice {
  return { value: term.code, text: term.display, description: term.code, term };
}
