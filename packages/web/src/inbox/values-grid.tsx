// The values of a report: what was measured, then its value, unit, range and flag. There is always an empty one at the end;
// Enter goes to the next.

import { X } from 'lucide-react';
import { type KeyboardEvent, useRef } from 'react';
import { IconButton } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Select, TextInput } from '../ui/field.tsx';
import { Button } from '../ui/button.tsx';
import {
  doubtOf,
  emptyValue,
  FLAGS,
  type Flag,
  flagOf,
  isEmpty,
  isUsual,
  keptAs,
  lackOf,
  saidIn,
  type ValueDraft,
  waysOf,
} from './filing.ts';
import { TermPicker } from './term-picker.tsx';

export function ValuesGrid({
  values,
  onChange,
  faultOf,
  strict,
}: {
  readonly values: readonly ValueDraft[];
  readonly onChange: (values: readonly ValueDraft[]) => void;
  /** What the server found wrong with one. */
  readonly faultOf: (row: ValueDraft) => string | undefined;
  /** Says what is missing. */
  readonly strict: boolean;
}) {
  const list = useRef<HTMLOListElement>(null);
  const change = (row: ValueDraft, part: Partial<ValueDraft>): void => {
    const changed = values.map((one) => (one === row ? { ...one, ...part } : one));
    onChange(isEmpty(changed.at(-1)!) ? changed : [...changed, emptyValue()]);
  };
  const remove = (row: ValueDraft): void => {
    const kept = values.filter((one) => one !== row);
    onChange(kept.length > 0 ? kept : [emptyValue()]);
  };
  const onKeyDown = (event: KeyboardEvent, index: number): void => {
    if (event.key !== 'Enter' || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
    if (event.target instanceof HTMLButtonElement) return;
    event.preventDefault();
    list.current?.children[index + 1]?.querySelector<HTMLInputElement>('[role="combobox"]')?.focus();
  };
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-medium text-ink-2 text-xs">Values</legend>
      <ol ref={list} className="flex flex-col gap-2">
        {values.map((row, index) => (
          <ValueRow
            key={row.key}
            row={row}
            number={index + 1}
            fault={(strict ? lackOf(row) : undefined) ?? faultOf(row)}
            onChange={(part) => change(row, part)}
            onRemove={() => remove(row)}
            onKeyDown={(event) => onKeyDown(event, index)}
          />
        ))}
      </ol>
    </fieldset>
  );
}

const TEXTS = [
  { name: 'value', label: 'Value' },
  { name: 'unit', label: 'Unit' },
  { name: 'range', label: 'Range' },
] as const;

function ValueRow({
  row,
  number,
  fault,
  onChange,
  onRemove,
  onKeyDown,
}: {
  readonly row: ValueDraft;
  readonly number: number;
  readonly fault: string | undefined;
  readonly onChange: (part: Partial<ValueDraft>) => void;
  readonly onRemove: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}) {
  const flag = flagOf(row);
  const kept = keptAs(row);
  const ways = waysOf(row);
  const doubt = doubtOf(row);
  return (
    <li onKeyDown={onKeyDown} className="rounded-md border border-line bg-canvas p-1.5">
      <TermPicker
        label={`Test ${number}`}
        has="result"
        free
        value={row.test}
        placeholder={number === 1 ? 'Test: words or a code' : 'Next test'}
        onChange={(test) => onChange({ test })}
      />
      {!isEmpty(row) && (
        <div className="mt-1.5 grid grid-cols-[1.3fr_0.9fr_1.1fr_1.5fr_auto] items-center gap-1.5">
          {TEXTS.map(({ name, label }) => (
            <TextInput
              key={name}
              aria-label={`${label} ${number}`}
              placeholder={label}
              className="tabular"
              value={row[name]}
              onChange={({ target }) => onChange({ [name]: target.value })}
            />
          ))}
          <Select
            aria-label={`Flag ${number}`}
            className={classes(!isUsual(flag) && 'font-medium text-danger-text!')}
            value={flag}
            onChange={({ target }) => onChange({ flag: target.value as Flag | '' })}
          >
            <option value="">No flag</option>
            {Object.entries(FLAGS).map(([code, word]) => (
              <option key={code} value={code}>
                {word}
              </option>
            ))}
          </Select>
          <IconButton icon={X} size="sm" label={`Remove value ${number}`} onClick={onRemove} />
        </div>
      )}
      {ways.length > 0 && (
        <p className="mt-1.5 flex flex-wrap items-center gap-1.5 text-sm">
          <span className="text-warn-text">{ways.length > 1 ? 'Which number is it?' : 'Suggestions'}</span>
          {ways.map((way) => (
            <Button key={way} size="sm" onClick={() => onChange({ value: way })}>
              {way}
            </Button>
          ))}
        </p>
      )}
      {doubt && (
        <p role="status" className="mt-1.5 flex flex-wrap items-center gap-1.5 text-sm">
          <span className="text-warn-text">{doubt}</span>
          <Button size="sm" onClick={() => onChange({ sure: saidIn(row) })}>
            {row.value.trim()} is right
          </Button>
        </p>
      )}
      {kept && <p className={classes('mt-1 text-xs', kept.text ? 'text-warn-text' : 'text-ink-3')}>{kept.words}</p>}
      {fault && (
        <p role="alert" className="mt-1 text-danger-text text-xs">
          {fault}
        </p>
      )}
    </li>
  );
}
