// The control for a field, as its schema says: nothing here knows a command.

import { useState } from 'react';
import { controlOf } from '@chartwire/sdk/internal/commands/control';
import { choiceText } from '@chartwire/sdk/internal/commands/words';
import { classes } from '../ui/classes.ts';
import { DateInput } from '../ui/date-input.tsx';
import { Select, TextArea, TextInput } from '../ui/field.tsx';
import { Chips } from './chips.tsx';
import { numberText, typedNumber } from './exact.ts';
import type { ControlProps } from './control-props.ts';
import { ObjectControl } from './object-control.tsx';
import { OptionControl, OptionsControl } from './option-control.tsx';

export function Control(props: ControlProps) {
  switch (controlOf(props.field)) {
    case 'option':
      return <OptionControl {...props} />;
    case 'options':
      return <OptionsControl {...props} />;
    case 'choice':
      return <ChoiceControl {...props} />;
    case 'boolean':
      return <BooleanControl {...props} />;
    case 'number':
      return <NumberControl {...props} />;
    case 'day':
      return <DayControl {...props} />;
    case 'date':
      return <DateControl {...props} />;
    case 'text':
      return <LongControl {...props} />;
    case 'list':
      return <ListControl {...props} />;
    case 'object':
      return <ObjectControl {...props} />;
    case 'line':
      return <LineControl {...props} />;
    // What no control is for is written by a form of its own.
    default:
      return null;
  }
}

export function LineControl({ tied, doc, name, field, value, placeholder }: ControlProps) {
  return (
    <TextInput
      {...tied}
      value={String(value ?? '')}
      placeholder={placeholder}
      maxLength={field.schema.maxLength}
      onChange={({ target }) => doc.saving.edit(name, target.value)}
    />
  );
}

function LongControl({ tied, doc, name, field, value, placeholder }: ControlProps) {
  return (
    <TextArea
      {...tied}
      value={String(value ?? '')}
      placeholder={placeholder}
      maxLength={field.schema.maxLength}
      rows={1}
      onChange={({ target }) => doc.saving.edit(name, target.value)}
    />
  );
}

function NumberControl({ tied, doc, name, placeholder, className }: ControlProps & { readonly className?: string }) {
  return (
    <TextInput
      {...tied}
      inputMode="decimal"
      value={numberText(doc.saving.value(name))}
      placeholder={placeholder}
      className={classes('tabular', className)}
      onChange={({ target }) => doc.saving.edit(name, typedNumber(target.value))}
    />
  );
}

function DayControl({ tied, doc, name, value }: ControlProps) {
  return (
    <TextInput
      {...tied}
      type="date"
      value={String(value ?? '')}
      onChange={({ target }) => doc.saving.edit(name, target.value)}
    />
  );
}

function DateControl({ tied, doc, name, value }: ControlProps) {
  return <DateInput {...tied} value={String(value ?? '')} onChange={(date) => doc.saving.edit(name, date)} />;
}

function ChoiceControl({ tied, doc, name, field, value }: ControlProps) {
  return (
    <Select
      {...tied}
      value={String(value ?? '')}
      onChange={({ target }) => {
        doc.saving.edit(name, target.value || undefined);
        doc.saving.flush();
      }}
    >
      <option value="">—</option>
      {field.schema.enum?.map((one) => (
        <option key={one} value={one}>
          {choiceText(one)}
        </option>
      ))}
    </Select>
  );
}

function BooleanControl({ tied, doc, name, value }: ControlProps) {
  return (
    <span className="flex h-8 items-center gap-2 text-ink-2 text-sm">
      <input
        {...tied}
        type="checkbox"
        checked={value === true}
        onChange={({ target }) => {
          doc.saving.edit(name, target.checked);
          doc.saving.flush();
        }}
        className="size-4 accent-accent"
      />
      {value === true ? 'Yes' : 'No'}
    </span>
  );
}

function ListControl({ tied, doc, name, field, value }: ControlProps) {
  const list = (Array.isArray(value) ? value : []) as readonly string[];
  const [typed, setTyped] = useState('');
  const add = (): void => {
    const text = typed.trim();
    if (text === '' || list.includes(text)) return;
    doc.saving.edit(name, [...list, text]);
    setTyped('');
  };
  return (
    <div className="flex flex-col gap-1.5">
      <Chips
        items={list.map((text) => ({ value: text, text }))}
        onRemove={(gone) =>
          doc.saving.edit(
            name,
            list.filter((text) => text !== gone),
          )
        }
      />
      <TextInput
        {...tied}
        value={typed}
        placeholder={field.schema.items?.description ?? 'Type, Enter'}
        onChange={({ target }) => setTyped(target.value)}
        onBlur={add}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || typed.trim() === '') return;
          event.preventDefault();
          add();
        }}
      />
    </div>
  );
}
