// One question of a questionnaire, with the control that its type and its choices ask for.

import type { QuestionnaireItem, QuestionnaireItemAnswerOption } from '@medplum/fhirtypes';
import { Plus, X } from 'lucide-react';
import { useId, useState } from 'react';
import type { Choices } from '@chartwire/sdk/internal/commands/questionnaire-choices';
import { limitsText } from '@chartwire/sdk/internal/commands/questionnaire-limits';
import { Button, IconButton } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Select, TextInput } from '../ui/field.tsx';
import { AnswerInput, type Labelled } from './answer-input.tsx';
import { type Given, givenText } from './question-levels.ts';
import { controlAskedFor } from './question-shape.ts';
import { answerOf, isPicked, optionText } from './questions.ts';

interface QuestionProps {
  readonly item: QuestionnaireItem;
  /** Undefined for a question that takes any answer of its type. */
  readonly choices: Choices | undefined;
  readonly value: readonly Given[];
  readonly fault: string | undefined;
  /** Why it could not be committed: said also while somebody writes in it. */
  readonly refused: boolean;
  readonly onChange: (value: readonly Given[]) => void;
}

export function Question(props: QuestionProps) {
  const { item, value, refused, onChange } = props;
  const id = useId();
  // An answer that somebody is still writing need not fit yet.
  const [writing, setWriting] = useState(false);
  const fault = writing && !refused ? undefined : props.fault;
  const limits = limitsText(item);
  const clearable = !item.readOnly && value.length > 0 && (props.choices !== undefined || item.type === 'boolean');
  return (
    <fieldset
      aria-labelledby={id}
      className="flex flex-wrap items-start gap-x-4 gap-y-1.5 px-3 py-2"
      onFocus={() => setWriting(true)}
      onBlur={({ currentTarget, relatedTarget }) => setWriting(currentTarget.contains(relatedTarget))}
    >
      <div className="min-w-56 flex-1 py-1 text-sm">
        <span id={id}>
          {item.prefix && <span className="mr-1 text-ink-3">{item.prefix}</span>}
          {item.text ?? item.linkId}
        </span>
        {item.required && (
          <span className="text-danger-text" title="needed">
            {' '}
            *
          </span>
        )}
        {limits && (
          <p id={`${id}-limits`} className="text-ink-3 text-xs">
            {limits}
          </p>
        )}
        {fault && (
          <p id={`${id}-fault`} role="alert" className="text-danger-text text-xs">
            {fault}
          </p>
        )}
      </div>
      <div className={classes('flex max-w-full items-start gap-1.5', isLong(item) ? 'basis-full' : 'min-w-64')}>
        {item.readOnly ? (
          <p className="py-1 text-sm">{value.map(givenText).join(', ') || '–'}</p>
        ) : (
          <AnswerControl {...props} fault={fault} labelledBy={id} />
        )}
        {clearable && !item.required && (
          <Button look="ghost" size="sm" aria-label={`Clear ${item.text ?? item.linkId}`} onClick={() => onChange([])}>
            Clear
          </Button>
        )}
      </div>
    </fieldset>
  );
}

/** What is written at length takes the whole width. */
function isLong({ type, readOnly, answerOption, answerValueSet }: QuestionnaireItem): boolean {
  return type === 'text' && !readOnly && !answerOption && !answerValueSet;
}

function AnswerControl({ labelledBy, ...props }: QuestionProps & { readonly labelledBy: string }) {
  const { item, choices, value, fault, onChange } = props;
  const described = [limitsText(item) && `${labelledBy}-limits`, fault && `${labelledBy}-fault`]
    .filter(Boolean)
    .join(' ');
  const label: Labelled = {
    'aria-labelledby': labelledBy,
    ...(fault && { 'aria-invalid': true }),
    ...(described && { 'aria-describedby': described }),
  };
  if (choices) return <Choice {...props} choices={choices} label={label} />;
  if (item.type === 'boolean') return <YesNo value={value[0]} onChange={(one) => onChange([one])} />;
  if (item.repeats) return <Lines {...props} label={label} />;
  return (
    <AnswerInput
      item={item}
      value={value[0]}
      label={label}
      onChange={(one) => onChange(one === undefined ? [] : [one])}
    />
  );
}

/** Several answers that are written, one below the other. */
function Lines({ item, value, onChange, label }: QuestionProps & { readonly label: Labelled }) {
  const all = value.length > 0 ? value : [''];
  return (
    <div className="flex flex-1 flex-col items-start gap-1.5">
      {all.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an answer is known by its place
        <div key={index} className="flex w-full items-start gap-1">
          <AnswerInput
            item={item}
            value={one === '' ? undefined : one}
            label={label}
            onChange={(changed) => onChange(all.map((other, at) => (at === index ? (changed ?? '') : other)))}
          />
          {value.length > 0 && (
            <IconButton
              icon={X}
              size="sm"
              label={`Remove answer ${index + 1}`}
              onClick={() => onChange(value.filter((_, at) => at !== index))}
            />
          )}
        </div>
      ))}
      <Button look="ghost" size="sm" icon={Plus} disabled={all.at(-1) === ''} onClick={() => onChange([...all, ''])}>
        Add another answer
      </Button>
    </div>
  );
}

const PICK =
  'inline-flex min-h-7 cursor-pointer items-center rounded-md border px-2 text-sm has-focus-visible:outline-2 has-focus-visible:outline-focus';
const PICKED = 'border-accent bg-accent-soft font-medium text-accent-text';
const NOT_PICKED = 'border-line-strong hover:bg-hover';

/** More of them than this are a list to open, unless the questionnaire wants them side by side. */
const MOST_BESIDE = 10;

function Choice(props: QuestionProps & { readonly choices: Choices; readonly label: Labelled }) {
  const { item, choices, value, onChange, label } = props;
  const control = controlAskedFor(item);
  const listed =
    control === 'drop-down' ||
    control === 'autocomplete' ||
    (choices.options.length > MOST_BESIDE && control !== 'radio-button' && control !== 'check-box');
  const others = value.filter((one) => !choices.options.some((option) => isPicked(option, one)));
  return (
    <div className="flex flex-1 flex-col items-start gap-1.5">
      {listed && !item.repeats ? <ChoiceList {...props} /> : <Options {...props} />}
      {item.type === 'open-choice' && (
        <TextInput
          {...label}
          placeholder="Other"
          aria-label={`Other answer to ${item.text ?? item.linkId}`}
          value={others.map(givenText).join(', ')}
          onChange={({ target }) => {
            const picked = item.repeats ? value.filter((one) => !others.includes(one)) : [];
            onChange(target.value === '' ? picked : [...picked, target.value]);
          }}
        />
      )}
      {!choices.complete && (
        <p className="max-w-72 text-ink-3 text-xs">
          This server doesn’t have all choices of this question. Ask an administrator to load the value set{' '}
          {item.answerValueSet}.
        </p>
      )}
    </div>
  );
}

function ChoiceList({
  choices,
  value,
  onChange,
  label,
}: QuestionProps & { readonly choices: Choices; readonly label: Labelled }) {
  const picked = choices.options.findIndex((option) => value.some((one) => isPicked(option, one)));
  return (
    <Select
      {...label}
      value={picked < 0 ? '' : String(picked)}
      onChange={({ target }) => onChange(target.value === '' ? [] : [answerOf(choices.options[Number(target.value)]!)])}
    >
      <option value="" />
      {choices.options.map((option, index) => (
        <option key={keyOf(option)} value={index}>
          {optionText(option)}
        </option>
      ))}
    </Select>
  );
}

/** One of them, or several where it repeats; arrow keys go from one to the other. */
function Options({ item, choices, value, onChange }: QuestionProps & { readonly choices: Choices }) {
  const name = useId();
  const { options } = choices;
  const pick = (index: number, on: boolean): void => {
    if (!item.repeats) {
      onChange(on ? [answerOf(options[index]!)] : []);
      return;
    }
    const others = value.filter((one) => !options.some((option) => isPicked(option, one)));
    const picked = options.filter((one, at) => (at === index ? on : value.some((given) => isPicked(one, given))));
    onChange([...picked.map(answerOf), ...others]);
  };
  return (
    <div className="flex max-h-64 flex-wrap gap-1.5 overflow-y-auto">
      {options.map((option, index) => {
        const picked = value.some((one) => isPicked(option, one));
        return (
          <label key={keyOf(option)} className={classes(PICK, picked ? PICKED : NOT_PICKED)}>
            <input
              type={item.repeats ? 'checkbox' : 'radio'}
              name={name}
              checked={picked}
              onChange={({ target }) => pick(index, target.checked)}
              className="sr-only"
            />
            {optionText(option)}
          </label>
        );
      })}
    </div>
  );
}

/** Options may read the same and be of two systems. */
function keyOf(option: QuestionnaireItemAnswerOption): string {
  return JSON.stringify(answerOf(option));
}

function YesNo({ value, onChange }: { readonly value: unknown; readonly onChange: (value: boolean) => void }) {
  const name = useId();
  return (
    <div className="flex gap-1.5">
      {[true, false].map((answer) => (
        <label key={String(answer)} className={classes(PICK, value === answer ? PICKED : NOT_PICKED)}>
          <input
            type="radio"
            name={name}
            checked={value === answer}
            onChange={() => onChange(answer)}
            className="sr-only"
          />
          {answer ? 'Yes' : 'No'}
        </label>
      ))}
    </div>
  );
}
