// The values of a report, a row each: what was measured, its value, unit, range and flag. There is always an empty row at the
// end; Enter goes to the next row.

import { X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { IconButton } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Select, TextInput } from '../ui/field.tsx';
import { emptyValue, FLAGS, type Flag, flagOf, isEmpty, lackOf, type ValueDraft } from './filing.ts';
import { TermPicker } from './term-picker.tsx';

const HEADS = ['Test', 'Value', 'Unit', 'Low', 'High', 'Flag'] as const;

export function ValuesGrid({
  values,
  onChange,
  faultOf,
  strict,
}: {
  readonly values: readonly ValueDraft[];
  readonly onChange: (values: readonly ValueDraft[]) => void;
  /** What the server found wrong with a row. */
  readonly faultOf: (row: ValueDraft) => string | undefined;
  /** Says what is missing. */
  readonly strict: boolean;
}) {
  const body = useRef<HTMLTableSectionElement>(null);
  const next = useRef<number | null>(null);
  // A row that was asked for by Enter is there only after it is drawn.
  useEffect(() => {
    if (next.current === null) return;
    testOf(body.current?.children[next.current])?.focus();
    next.current = null;
  });
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
    next.current = Math.min(index + 1, values.length - 1);
    testOf(body.current?.children[next.current])?.focus();
  };
  return (
    <table aria-label="Values" className="w-full table-fixed border-collapse text-sm">
      <thead>
        <tr className="text-left text-ink-2 text-xs">
          {HEADS.map((head) => (
            <th key={head} scope="col" className={classes('pr-1 pb-1 font-medium', WIDTH[head])}>
              {head}
            </th>
          ))}
          <th scope="col" className="w-6">
            <span className="sr-only">Take away</span>
          </th>
        </tr>
      </thead>
      <tbody ref={body}>
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
      </tbody>
    </table>
  );
}

const WIDTH: Readonly<Record<(typeof HEADS)[number], string>> = {
  Test: '',
  Value: 'w-[4.5rem]',
  Unit: 'w-[4.5rem]',
  Low: 'w-[3.5rem]',
  High: 'w-[3.5rem]',
  Flag: 'w-[5.5rem]',
};

const testOf = (row: Element | undefined) => row?.querySelector<HTMLInputElement>('[role="combobox"]');

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
  const text = (name: 'value' | 'unit' | 'low' | 'high', label: string, numeric = false) => (
    <td className="pr-1 pb-1.5">
      <TextInput
        aria-label={`${label} ${number}`}
        {...(numeric && { inputMode: 'decimal' as const })}
        className={classes(numeric && 'px-1.5 text-right tabular')}
        value={row[name]}
        onChange={({ target }) => onChange({ [name]: target.value })}
      />
    </td>
  );
  return (
    <tr onKeyDown={onKeyDown} className="align-top">
      <td className="pr-1 pb-1.5">
        <TermPicker
          label={`Test ${number}`}
          value={row.test}
          placeholder={number === 1 ? 'Words or a code' : ''}
          onChange={(test) => onChange({ test })}
        />
        {fault && (
          <p role="alert" className="mt-0.5 text-danger-text text-xs">
            {fault}
          </p>
        )}
      </td>
      {text('value', 'Value')}
      {text('unit', 'Unit')}
      {text('low', 'Low', true)}
      {text('high', 'High', true)}
      <td className="pr-1 pb-1.5">
        <Select
          aria-label={`Flag ${number}`}
          className={classes('px-1', flag && flag !== 'N' && flag !== 'NEG' && 'font-medium text-danger-text')}
          value={flag}
          onChange={({ target }) => onChange({ flag: target.value as Flag | '' })}
        >
          <option value="">–</option>
          {Object.entries(FLAGS).map(([code, word]) => (
            <option key={code} value={code}>
              {word}
            </option>
          ))}
        </Select>
      </td>
      <td className="pb-1.5 pt-1">
        {!isEmpty(row) && <IconButton icon={X} size="sm" label={`Take value ${number} away`} onClick={onRemove} />}
      </td>
    </tr>
  );
}
