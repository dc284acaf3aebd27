// What an answer that is written is written into: text, numbers, days and times, a quantity, a file, a reference.

import type { Attachment, Quantity, QuestionnaireItem, Reference } from '@medplum/fhirtypes';
import { useId, useState } from 'react';
import { fileTypesOf } from '@chartwire/sdk/internal/commands/questionnaire-limits';
import { DateInput } from '../ui/date-input.tsx';
import { TextArea, TextInput } from '../ui/field.tsx';
import { Exact, exactAt, numberText, putExact, typedNumber } from './exact.ts';
import { type Given, givenText } from './question-levels.ts';
import { formatAskedFor, unitAskedFor } from './question-shape.ts';

export interface Labelled {
  readonly 'aria-labelledby': string;
  readonly 'aria-invalid'?: true;
  readonly 'aria-describedby'?: string;
}

interface InputProps {
  readonly item: QuestionnaireItem;
  readonly value: Given | undefined;
  readonly label: Labelled;
  readonly onChange: (value: Given | undefined) => void;
}

export function AnswerInput(props: InputProps) {
  const { item, value, label, onChange } = props;
  const id = useId();
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const placeholder = formatAskedFor(item);
  const written = (given: string): void => onChange(given === '' ? undefined : given);
  switch (item.type) {
    case 'text':
      return (
        <TextArea
          {...label}
          rows={2}
          maxLength={item.maxLength}
          placeholder={placeholder}
          value={text}
          onChange={({ target }) => written(target.value)}
        />
      );
    case 'integer':
    case 'decimal':
      return <NumberInput {...props} number={value} onNumber={onChange} />;
    case 'quantity':
      return <QuantityInput {...props} />;
    case 'date':
      return <DateInput {...label} id={id} value={text} onChange={written} />;
    case 'dateTime':
      return (
        <TextInput
          {...label}
          type="datetime-local"
          value={localTime(text)}
          onChange={({ target }) => written(target.value && new Date(target.value).toISOString())}
        />
      );
    case 'time':
      return (
        <TextInput
          {...label}
          type="time"
          value={text}
          // Browsers leave seconds out that are none.
          onChange={({ target }) => written(/^\d\d:\d\d$/.test(target.value) ? `${target.value}:00` : target.value)}
        />
      );
    case 'attachment':
      return <FileInput {...props} />;
    case 'reference': {
      const { reference = text } = (typeof value === 'object' ? value : {}) as Reference;
      return (
        <TextInput
          {...label}
          placeholder={placeholder ?? 'As Practitioner/123'}
          value={reference}
          onChange={({ target }) => written(target.value.trim())}
        />
      );
    }
    default:
      return (
        <TextInput
          {...label}
          type={item.type === 'url' ? 'url' : 'text'}
          maxLength={item.maxLength}
          placeholder={placeholder}
          value={text}
          onChange={({ target }) => written(target.value)}
        />
      );
  }
}

interface NumberProps extends Omit<InputProps, 'value' | 'onChange'> {
  readonly number: unknown;
  readonly onNumber: (value: Typed | undefined) => void;
}

type Typed = ReturnType<typeof typedNumber>;

function NumberInput({ item, label, number, onNumber }: NumberProps) {
  return (
    <TextInput
      {...label}
      // No number control of the browser: that changes what is in it when somebody scrolls, and drops zeros at the end.
      inputMode={item.type === 'integer' ? 'numeric' : 'decimal'}
      className="tabular"
      placeholder={formatAskedFor(item)}
      value={numberText(number)}
      onChange={({ target }) => onNumber(target.value === '' ? undefined : typedNumber(target.value))}
    />
  );
}

/** A number in the unit that the question asks for, or in one that is written beside it. */
function QuantityInput({ item, value, label, onChange }: InputProps) {
  const asked = unitAskedFor(item);
  const whole = typeof value === 'object' && !(value instanceof Exact) ? (value as Quantity) : undefined;
  const number = (whole ? exactAt(whole, 'value') : value) as Typed | undefined;
  const unit = asked ?? whole?.unit ?? '';
  const change = (to: Typed | undefined, said: string): void => {
    if (to === undefined) onChange(undefined);
    else onChange(asked !== undefined || said === '' ? to : putExact({ value: 0, unit: said }, 'value', to));
  };
  return (
    <div className="flex items-center gap-1.5">
      <NumberInput item={item} label={label} number={number} onNumber={(to) => change(to, unit)} />
      {asked === undefined ? (
        <TextInput
          aria-label="Unit"
          placeholder="Unit"
          className="w-20"
          value={unit}
          disabled={number === undefined}
          onChange={({ target }) => change(number, target.value)}
        />
      ) : (
        <span className="text-ink-2 text-sm">{unit}</span>
      )}
    </div>
  );
}

/** A note is sent with all it holds, so a file in it must be small. */
const MOST_BYTES = 500_000;

function FileInput({ item, value, label, onChange }: InputProps) {
  const [tooLarge, setTooLarge] = useState(false);
  async function take(file: File | undefined): Promise<void> {
    setTooLarge(file !== undefined && file.size > MOST_BYTES);
    if (!file || file.size > MOST_BYTES) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    const data = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    const attachment: Attachment = { contentType: file.type || 'application/octet-stream', data, title: file.name };
    onChange(attachment);
  }
  return (
    <div className="flex flex-col gap-1 text-sm">
      {value !== undefined && <span className="truncate font-medium">{givenText(value)}</span>}
      <input
        {...label}
        type="file"
        accept={fileTypesOf(item).join(',') || undefined}
        className="max-w-64 text-ink-2 text-xs file:mr-2 file:h-7 file:rounded-md file:border file:border-line-strong file:bg-surface file:px-2"
        onChange={({ target }) => void take(target.files?.[0])}
      />
      {tooLarge && (
        <p role="alert" className="text-danger-text text-xs">
          The file is larger than 500 kB. Upload it to the inbox and file it in the chart instead.
        </p>
      )}
    </div>
  );
}

/** `2026-08-23T10:00:00Z` as a browser's control has it, in the time zone of the browser. */
function localTime(text: string): string {
  const at = new Date(text);
  if (text === '' || Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
