// A time zone, chosen from those that this browser knows, by continent.

import type { ComponentProps } from 'react';
import { isTimeZone } from '@chartwire/sdk/internal/kit/calendar';
import { Select } from '../ui/field.tsx';

const REGIONS = Map.groupBy(['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')], (name) =>
  name.includes('/') ? name.split('/')[0]! : 'Other',
);

export function ZoneSelect({
  tied,
  value,
  onChange,
  none,
  disabled,
}: {
  readonly tied: ComponentProps<'select'>;
  /** Empty for none of its own. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What holds then. */
  readonly none: string;
  readonly disabled?: boolean;
}) {
  const isKnown = value === '' || [...REGIONS.values()].some((names) => names.includes(value));
  return (
    <Select {...tied} value={value} disabled={disabled} onChange={({ target }) => onChange(target.value)}>
      <option value="">{none}</option>
      {!isKnown && <option value={value}>{value}</option>}
      {[...REGIONS].map(([region, names]) => (
        <optgroup key={region} label={region}>
          {names.map((name) => (
            <option key={name} value={name}>
              {name.replaceAll('_', ' ')}
            </option>
          ))}
        </optgroup>
      ))}
    </Select>
  );
}

/** `Monday, November 30, 5:21 PM there`. */
export function nowText(timeZone: string): string {
  if (!isTimeZone(timeZone)) return 'a time that this browser does not know';
  const format = new Intl.DateTimeFormat(undefined, {
    timeZone,
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  });
  return `${format.format(new Date())} there`;
}
