// A date as well as it is known: written as people do, `1998`, `5/1998`, `May 14, 1998`, or picked from a calendar.

import { CalendarDays } from 'lucide-react';
import { useRef, useState } from 'react';
import { firstDay, isPartialDate, partialDateText, readPartialDate } from '@chartwire/sdk/internal/kit/partial-date';
import { IconButton } from './button.tsx';
import { type Tied, TextInput } from './field.tsx';

/** Whether people here write the month before the day. */
const MONTH_FIRST = new Intl.DateTimeFormat()
  .formatToParts()
  .map(({ type }) => type)
  .some((type, place, types) => type === 'month' && types.indexOf('day') > place);

export function DateInput({
  value,
  onChange,
  latest,
  ...rest
}: Tied & {
  readonly name?: string;
  readonly required?: boolean;
  /** In a form that the browser checks before it is sent: the last day that it may be. */
  readonly latest?: string;
  /** A FHIR date; what is none is shown as it was written. */
  readonly value: string;
  /** A FHIR date, or what was written where it is none. */
  readonly onChange: (value: string) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const calendar = useRef<HTMLInputElement>(null);
  const written = isPartialDate(value) ? partialDateText(value) : value;
  // What is being written stays as it is, for as long as it is what the value came from.
  const shown = typed !== null && dateIn(typed) === value ? typed : written;
  return (
    <span className="relative block">
      <TextInput
        {...rest}
        ref={(input) => {
          if (latest !== undefined) input?.setCustomValidity(faultOf(value, latest));
        }}
        value={shown}
        placeholder="1998 or 5/1998"
        className="pr-9"
        onChange={({ target }) => {
          setTyped(target.value);
          onChange(dateIn(target.value));
        }}
        onBlur={() => setTyped(null)}
      />
      <input
        ref={calendar}
        type="date"
        tabIndex={-1}
        aria-hidden
        value={value.length === 10 && isPartialDate(value) ? value : ''}
        onChange={({ target }) => target.value && onChange(target.value)}
        className="pointer-events-none absolute right-0 bottom-0 h-8 w-8 opacity-0"
      />
      <IconButton
        icon={CalendarDays}
        label="Pick a day"
        size="sm"
        tabIndex={-1}
        className="absolute top-1 right-1"
        onClick={() => calendar.current?.showPicker()}
      />
    </span>
  );
}

/** What the browser says of it before the form is sent. */
function faultOf(value: string, latest: string): string {
  if (value === '') return '';
  if (!isPartialDate(value)) return 'Enter a day, a month or a year: 5/14/1998, 5/1998 or 1998.';
  return firstDay(value) > latest ? 'This is in the future: enter today or earlier.' : '';
}

function dateIn(text: string): string {
  return readPartialDate(text, { monthFirst: MONTH_FIRST }) ?? text;
}
