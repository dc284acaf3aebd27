// The form of who a patient is: for registering one and for correcting it.

import type { Patient } from '@medplum/fhirtypes';
import { Plus, X } from 'lucide-react';
import type { Problem } from '@chartwire/client/internal/client/index';
import { todayHere } from '../today/days.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { DateInput } from '../ui/date-input.tsx';
import { Field, Select, type Tied, TextInput } from '../ui/field.tsx';
import type { Demographics } from './demographics.ts';

interface Entering {
  readonly entered: Demographics;
  readonly onChange: (entered: Demographics) => void;
  readonly problem: Problem | null;
  /** One begins with the name here. */
  readonly fresh?: boolean;
}

type Texts = Exclude<keyof Demographics, 'identifiers'>;

const GENDERS: readonly (readonly [NonNullable<Patient['gender']>, string])[] = [
  ['female', 'Female'],
  ['male', 'Male'],
  ['other', 'Other'],
  ['unknown', 'Unknown'],
];

/** Where the server finds fault with a field, in its words for it. */
const ELEMENT: Readonly<Record<Texts, RegExp>> = {
  given: /\bgiven\b/,
  family: /\b(family|name)\b(?!.*given)/,
  birthDate: /\bbirthDate\b/,
  gender: /\bgender\b/,
  phone: /\btelecom\b/,
  email: /\btelecom\b.*email/,
  line: /\baddress\b.*line/,
  city: /\bcity\b/,
  state: /\bstate\b/,
  postalCode: /\bpostalCode\b/,
};

export function DemographicsForm({ entered, onChange, problem, fresh = false }: Entering) {
  const errorOf = (name: Texts): string | undefined =>
    problem?.faults.find(({ path }) => ELEMENT[name].test(path))?.message;
  const text = (name: Texts, more: React.ComponentProps<'input'> = {}) => {
    const show = (tied: Tied) => (
      <TextInput
        {...tied}
        {...more}
        name={name}
        value={entered[name]}
        onChange={({ target }) => onChange({ ...entered, [name]: target.value })}
      />
    );
    return { error: errorOf(name), children: show };
  };
  return (
    <div className="grid grid-cols-2 gap-x-3 gap-y-3 sm:grid-cols-4">
      <Field
        label="Given names"
        required
        className="col-span-2"
        {...text('given', { autoFocus: fresh, required: true })}
      />
      <Field label="Family name" required className="col-span-2" {...text('family', { required: true })} />
      <Field label="Birth date" required className="col-span-2 sm:col-span-1" error={errorOf('birthDate')}>
        {(tied) => (
          <DateInput
            {...tied}
            name="birthDate"
            required
            latest={todayHere()}
            value={entered.birthDate}
            onChange={(birthDate) => onChange({ ...entered, birthDate })}
          />
        )}
      </Field>
      <Field label="Sex" className="col-span-2 sm:col-span-1" error={errorOf('gender')}>
        {(tied) => (
          <Select
            {...tied}
            name="gender"
            value={entered.gender}
            onChange={({ target }) => onChange({ ...entered, gender: target.value })}
          >
            <option value="">Not said</option>
            {GENDERS.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Phone" className="col-span-2" {...text('phone', { type: 'tel' })} />
      <Field label="Email" className="col-span-2" {...text('email', { type: 'email' })} />
      <Field label="Street" className="col-span-2" {...text('line')} />
      <Field label="City" className="col-span-2" {...text('city')} />
      <Field label="State" {...text('state')} />
      <Field label="ZIP" {...text('postalCode')} />
      <Identifiers entered={entered} onChange={onChange} problem={problem} />
    </div>
  );
}

/** Numbers that others know the patient by. */
function Identifiers({ entered, onChange }: Entering) {
  const { identifiers } = entered;
  const put = (index: number, change: object): void =>
    onChange({
      ...entered,
      identifiers: identifiers.map((one, at) => (at === index ? { ...one, ...change } : one)),
    });
  return (
    <fieldset className="col-span-2 flex flex-col gap-2 sm:col-span-4">
      <legend className="mb-1 font-medium text-ink-2 text-xs">Numbers</legend>
      {identifiers.map((identifier, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a number that is typed has no other name yet
        <div key={index} className="flex items-center gap-2">
          <TextInput
            aria-label={`What number ${index + 1} is`}
            placeholder="Medical record number"
            className="max-w-60"
            value={identifier.type?.text ?? identifier.type?.coding?.[0]?.display ?? ''}
            readOnly={identifier.type?.coding !== undefined}
            onChange={({ target }) => put(index, { type: { text: target.value } })}
          />
          <TextInput
            aria-label={`Number ${index + 1}`}
            placeholder="Number"
            className="tabular"
            value={identifier.value ?? ''}
            onChange={({ target }) => put(index, { value: target.value })}
          />
          <IconButton
            icon={X}
            label={`Remove number ${index + 1}`}
            onClick={() => onChange({ ...entered, identifiers: identifiers.filter((_, at) => at !== index) })}
          />
        </div>
      ))}
      <Button
        size="sm"
        icon={Plus}
        className="self-start"
        onClick={() => onChange({ ...entered, identifiers: [...identifiers, { value: '' }] })}
      >
        Add a number
      </Button>
    </fieldset>
  );
}
