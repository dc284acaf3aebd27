// The form of a command. It follows from the command's schema; where a hand pays (vitals, prescriptions, questionnaires)
// there is one of its own. Keys: Enter goes to the next field, Ctrl-Enter commits, Escape leaves to the note.

import { type ComponentType, type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { controlOf } from '@chartwire/sdk/internal/commands/control';
import { classes } from '../ui/classes.ts';
import { AllergyForm } from './allergy-form.tsx';
import type { CommandDoc } from './command-doc.ts';
import { FieldRow, isWide } from './field-row.tsx';
import type { FormProps } from './form-props.ts';
import { PrescribeForm } from './prescribe-form.tsx';
import { QuestionnaireForm } from './questionnaire-form.tsx';
import { VitalsForm } from './vitals-form.tsx';
import { tableOf } from '../table-of.ts';

const BY_HAND: Readonly<Record<string, ComponentType<FormProps>>> = tableOf({
  allergy: AllergyForm,
  prescribe: PrescribeForm,
  questionnaire: QuestionnaireForm,
  vitals: VitalsForm,
});

export function CommandForm({
  doc,
  view,
  goHere,
  onArrive,
  onLeave,
}: FormProps & {
  /** The cursor is to go to the first field. */
  readonly goHere: boolean;
  readonly onArrive: () => void;
  readonly onLeave: () => void;
}): ReactNode {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!goHere) return;
    fieldsIn(form.current)[0]?.focus();
    onArrive();
  }, [goHere, onArrive]);
  const { problem } = view;
  useEffect(() => {
    // What keeps it from being committed is the next to be written.
    if (problem?.code === 'command.fields') form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [problem]);
  const Form = BY_HAND[view.kind.key] ?? SchemaForm;
  return (
    <form
      ref={form}
      aria-label={view.kind.label}
      onSubmit={(event) => event.preventDefault()}
      onKeyDown={(event) => onKey(event, doc, onLeave)}
    >
      <Form doc={doc} view={view} />
    </form>
  );
}

function SchemaForm({ doc, view }: FormProps) {
  const names = Object.entries(view.kind.fields).filter(([, field]) => controlOf(field) !== 'other');
  // What it is about takes the first line alone.
  const first = names[0]?.[0];
  return (
    <div className="grid grid-cols-2 gap-x-3 gap-y-2 sm:grid-cols-4">
      {names.map(([name, field]) => (
        <FieldRow
          key={name}
          doc={doc}
          view={view}
          name={name}
          className={classes(name === first || isWide(field) ? 'col-span-full' : field.search ? 'col-span-2' : '')}
        />
      ))}
    </div>
  );
}

function onKey(event: KeyboardEvent<HTMLFormElement>, doc: CommandDoc, onLeave: () => void): void {
  const { key, ctrlKey, metaKey, target } = event;
  if (event.defaultPrevented || event.nativeEvent.isComposing) return;
  if (key === 'Escape') onLeave();
  else if (key === 'Enter' && (ctrlKey || metaKey)) void doc.commit();
  else if (key === 'Enter' && (target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) {
    const fields = fieldsIn(event.currentTarget);
    fields[fields.indexOf(target) + 1]?.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function fieldsIn(form: HTMLElement | null): readonly HTMLElement[] {
  const all = form?.querySelectorAll<HTMLElement>(
    'input:not(:disabled), select:not(:disabled), textarea:not(:disabled)',
  );
  return [...(all ?? [])].filter((field) => field.offsetParent !== null && field.tabIndex >= 0);
}
