// A field to pick a type of event in, by its sentence or its name.

import { useMemo, useState } from 'react';
import { EVENTS } from '@chartwire/sdk/internal/events/catalogue';
import { type Choice, Combobox } from '../ui/combobox.tsx';
import { eventText } from './event-words.ts';

/** Of the rest more words are wanted. */
const SHOWN = 40;

/** Questions are asked, and in no log. */
const CHOICES: readonly Choice[] = EVENTS.filter(({ kind }) => kind === 'notice').map(({ type }) => choiceOf(type));

function choiceOf(type: string): Choice {
  return { value: type, text: eventText(type), description: <span className="font-mono">{type}</span> };
}

export function TypePicker({ value, onChange }: { readonly value: string; readonly onChange: (type: string) => void }) {
  const [query, setQuery] = useState('');
  const choices = useMemo(() => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return CHOICES.filter(({ value, text }) => {
      const all = `${text} ${value} ${value.replaceAll('_', ' ')}`.toLowerCase();
      return words.every((word) => all.includes(word));
    })
      .slice(0, SHOWN)
      .map((choice) => ({ ...choice, fits: words.length > 0 }));
  }, [query]);
  return (
    <Combobox
      label="Event type"
      placeholder="Any event"
      value={value ? choiceOf(value) : null}
      onChange={(choice) => onChange(choice?.value ?? '')}
      query={query}
      onQuery={setQuery}
      choices={choices}
      none="No event type has that name."
    />
  );
}
