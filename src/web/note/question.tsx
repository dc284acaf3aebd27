// One question of a questionnaire, with the control that its type asks for.

import type { QuestionnaireItem, QuestionnaireItemAnswerOption } from '@medplum/fhirtypes';
import { useId } from 'react';
import type { Answer } from '#commands/questionnaire-answers.ts';
import { classes } from '../ui/classes.ts';
import { TextArea, TextInput } from '../ui/field.tsx';
import { answerOf, isPicked, optionText } from './questions.ts';

interface QuestionProps {
  readonly item: QuestionnaireItem;
  readonly value: Answer | undefined;
  readonly onChange: (value: Answer | undefined) => void;
}

export function Question(props: QuestionProps) {
  const { item } = props;
  const id = useId();
  if (item.type === 'group')
    return <h4 className="bg-sunken px-3 py-1.5 font-semibold text-ink-2 text-xs">{item.text}</h4>;
  if (item.type === 'display') return <p className="px-3 py-1.5 text-ink-2 text-sm">{item.text}</p>;
  return (
    <fieldset aria-labelledby={id} className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-3 py-2">
      <div id={id} className="min-w-56 flex-1 text-sm">
        {item.prefix && <span className="mr-1 text-ink-3">{item.prefix}</span>}
        {item.text ?? item.linkId}
        {item.required && <span className="text-danger-text"> *</span>}
      </div>
      <div className="min-w-48 max-w-full">
        <AnswerControl {...props} labelledBy={id} />
      </div>
    </fieldset>
  );
}

function AnswerControl({ item, value, onChange, labelledBy }: QuestionProps & { readonly labelledBy: string }) {
  if (item.answerOption) return <Options item={item} value={value} onChange={onChange} />;
  if (item.type === 'boolean') return <YesNo value={value} onChange={onChange} />;
  const label = { 'aria-labelledby': labelledBy };
  if (item.type === 'text')
    return (
      <TextArea {...label} value={String(value ?? '')} onChange={({ target }) => onChange(target.value || undefined)} />
    );
  if (['integer', 'decimal', 'quantity'].includes(item.type ?? '')) {
    return (
      <TextInput
        {...label}
        type="number"
        step={item.type === 'integer' ? 1 : 'any'}
        value={String(value ?? '')}
        onChange={({ target }) => onChange(target.value === '' ? undefined : Number(target.value))}
      />
    );
  }
  const type = item.type === 'date' ? 'date' : 'text';
  return (
    <TextInput
      {...label}
      type={type}
      value={String(value ?? '')}
      onChange={({ target }) => onChange(target.value || undefined)}
    />
  );
}

const PICK =
  'inline-flex min-h-7 cursor-pointer items-center rounded-md border px-2 text-sm has-focus-visible:outline-2 has-focus-visible:outline-focus';

/** One of them, or several where it repeats; arrow keys go from one to the other. */
function Options({ item, value, onChange }: QuestionProps) {
  const name = useId();
  const options = item.answerOption ?? [];
  const pick = (index: number, on: boolean): void => {
    if (item.repeats) onChange(several(options.filter((one, at) => (at === index ? on : isPicked(one, value)))));
    else onChange(on ? answerOf(options[index]!) : undefined);
  };
  return (
    <div className="flex flex-wrap gap-1.5">
      {options.map((option, index) => {
        const picked = isPicked(option, value);
        return (
          <label
            key={optionText(option)}
            className={classes(
              PICK,
              picked
                ? 'border-accent bg-accent-soft font-medium text-accent-text'
                : 'border-line-strong hover:bg-hover',
            )}
          >
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

/** Several answers can be codings only. */
function several(options: readonly QuestionnaireItemAnswerOption[]): Answer | undefined {
  const answers = options.map(answerOf);
  const codings = answers.filter((one) => typeof one === 'object');
  return codings.length > 0 ? codings : answers[0];
}

function YesNo({ value, onChange }: Pick<QuestionProps, 'value' | 'onChange'>) {
  const name = useId();
  return (
    <div className="flex gap-1.5">
      {[true, false].map((answer) => (
        <label
          key={String(answer)}
          className={classes(
            PICK,
            value === answer
              ? 'border-accent bg-accent-soft font-medium text-accent-text'
              : 'border-line-strong hover:bg-hover',
          )}
        >
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
