// A day, a time and a length, and a word when somebody is expected then already.

import type { Slot } from '@chartwire/client/internal/contract/schedule';
import { Field, Select, TextInput } from '../ui/field.tsx';
import { instantFrom } from '../ui/instant.ts';
import { clockText } from '../ui/time.tsx';
import { instantOf, minutesAfter } from './days.ts';

export interface When {
  readonly day: string;
  readonly time: string;
  readonly minutes: number;
}

const LENGTHS = [10, 15, 20, 30, 40, 45, 60, 90];

/** Instants; undefined while the day or the time is not one. */
export function spanOf({ day, time, minutes }: When): { start: string; end: string } | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !/^\d{2}:\d{2}/.test(time)) return undefined;
  const start = instantOf(day, time);
  return { start, end: minutesAfter(start, minutes) };
}

export function WhenFields({
  when,
  onChange,
  taken,
  autoFocus,
}: {
  readonly when: When;
  readonly onChange: (when: When) => void;
  /** Who is expected with the same provider on that day. */
  readonly taken: readonly Slot[];
  readonly autoFocus?: boolean;
}) {
  const span = spanOf(when);
  const meeting =
    span &&
    taken.filter(
      ({ start, end }) => instantFrom(start) < instantFrom(span.end) && instantFrom(end) > instantFrom(span.start),
    );
  return (
    <div className="flex flex-col gap-2">
      <div className="grid grid-cols-3 gap-3">
        <Field label="Day" required>
          {(tied) => (
            <TextInput
              {...tied}
              type="date"
              autoFocus={autoFocus}
              value={when.day}
              onChange={({ target }) => onChange({ ...when, day: target.value })}
            />
          )}
        </Field>
        <Field label="Time" required>
          {(tied) => (
            <TextInput
              {...tied}
              type="time"
              step={300}
              value={when.time}
              onChange={({ target }) => onChange({ ...when, time: target.value })}
            />
          )}
        </Field>
        <Field label="Length">
          {(tied) => (
            <Select
              {...tied}
              value={when.minutes}
              onChange={({ target }) => onChange({ ...when, minutes: Number(target.value) })}
            >
              {[...new Set([...LENGTHS, when.minutes])]
                .sort((a, b) => a - b)
                .map((minutes) => (
                  <option key={minutes} value={minutes}>
                    {minutes} min
                  </option>
                ))}
            </Select>
          )}
        </Field>
      </div>
      {meeting && meeting.length > 0 && (
        <p role="status" className="rounded-md bg-warn-soft px-2 py-1.5 text-sm text-warn-text">
          {meeting.map(({ patient, start }) => `${patient?.name ?? 'Someone'} at ${clockText(start)}`).join(', ')}{' '}
          {meeting.length === 1 ? 'is' : 'are'} already booked then. You can still book this one.
        </p>
      )}
    </div>
  );
}
