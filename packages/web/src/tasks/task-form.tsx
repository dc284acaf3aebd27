// What is written of a task, new or old: what, for whom, by whom, by when.

import { type KeyboardEvent, useState } from 'react';
import { dateIn } from '@chartwire/sdk/internal/kit/partial-date';
import { useAllRecords } from '../api/queries.ts';
import { nameText } from '../fhir/words.ts';
import { Badge } from '../ui/badge.tsx';
import { Field, Select, TextInput } from '../ui/field.tsx';
import { practiceZone } from '../ui/zone.ts';
import { oneOf } from '../one-of.ts';

export interface TaskDraft {
  /** A reference. */
  readonly assignee: string | null;
  readonly assigneeName?: string | null;
  readonly due: string | null;
  readonly priority: Priority;
  readonly labels: readonly string[];
}

export const PRIORITIES = ['routine', 'urgent', 'asap', 'stat'] as const;
type Priority = (typeof PRIORITIES)[number];

export function TaskFields({
  draft,
  onChange,
  onTyped,
  disabled,
}: {
  readonly draft: TaskDraft;
  readonly onChange: (change: Partial<TaskDraft>) => void;
  /** A label that is typed and not added yet: whoever sends the form adds it. Without, leaving the field does. */
  readonly onTyped?: (label: string) => void;
  readonly disabled?: boolean;
}) {
  const people = useAllRecords('Practitioner', { _sort: 'name' });
  const teams = useAllRecords('CareTeam', { 'subject:missing': 'true' });
  const owners = [
    ...(people.data ?? []).map(({ id, name, active }) => ({
      value: `Practitioner/${id}`,
      text: nameText(name),
      gone: active === false,
    })),
    ...(teams.data ?? []).map(({ id, name, status }) => ({
      value: `CareTeam/${id}`,
      text: name ?? 'No name',
      gone: status !== undefined && status !== 'active' && status !== 'proposed',
    })),
    // Who left has no more to do, but keeps what is theirs until it is another's.
  ].filter(({ value, gone }) => !gone || draft.assignee === value);
  const other = draft.assignee && !owners.some(({ value }) => value === draft.assignee) ? draft.assignee : null;
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label="Assigned to">
        {(tied) => (
          <Select
            {...tied}
            disabled={disabled}
            value={draft.assignee ?? ''}
            onChange={({ target }) => onChange({ assignee: target.value || null })}
          >
            <option value="">Unassigned</option>
            {owners.map(({ value, text }) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
            {other && <option value={other}>{draft.assigneeName ?? 'Someone else'}</option>}
          </Select>
        )}
      </Field>
      <Field label="Due">
        {(tied) => (
          <TextInput
            {...tied}
            type="date"
            disabled={disabled}
            value={draft.due ? dateIn(practiceZone(), draft.due) : ''}
            onChange={({ target }) => onChange({ due: target.value || null })}
          />
        )}
      </Field>
      <Field label="Priority">
        {(tied) => (
          <Select
            {...tied}
            disabled={disabled}
            value={draft.priority}
            onChange={({ target }) => onChange({ priority: oneOf(PRIORITIES, target.value) ?? 'routine' })}
          >
            {PRIORITIES.map((priority) => (
              <option key={priority}>{priority}</option>
            ))}
          </Select>
        )}
      </Field>
      <LabelField
        labels={draft.labels}
        onChange={(labels) => onChange({ labels })}
        onTyped={onTyped}
        disabled={disabled}
      />
    </div>
  );
}

/** With one more, which may be nothing or there already. */
export function withLabel(labels: readonly string[], typed: string): readonly string[] {
  const label = typed.trim();
  return label && !labels.includes(label) ? [...labels, label] : labels;
}

function LabelField({
  labels,
  onChange,
  onTyped,
  disabled,
}: {
  readonly labels: readonly string[];
  readonly onChange: (labels: readonly string[]) => void;
  readonly onTyped: ((label: string) => void) | undefined;
  readonly disabled?: boolean | undefined;
}) {
  const [text, setText] = useState('');
  const type = (typed: string): void => {
    setText(typed);
    onTyped?.(typed);
  };
  const add = (): void => {
    const added = withLabel(labels, text);
    if (added !== labels) onChange(added);
    type('');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== ',') return;
    event.preventDefault();
    add();
  };
  return (
    <Field label="Labels" hint={disabled ? undefined : 'Press Enter to add one. Click one to remove it.'}>
      {(tied) => (
        <>
          {labels.length > 0 && (
            <span className="flex flex-wrap gap-1">
              {labels.map((label) => (
                <button
                  key={label}
                  type="button"
                  disabled={disabled}
                  aria-label={`Remove the label ${label}`}
                  onClick={() => onChange(labels.filter((other) => other !== label))}
                  className="min-h-6"
                >
                  <Badge>{label}</Badge>
                </button>
              ))}
            </span>
          )}
          <TextInput
            {...tied}
            disabled={disabled}
            maxLength={50}
            value={text}
            onChange={({ target }) => type(target.value)}
            onKeyDown={onKeyDown}
            onBlur={onTyped ? undefined : add}
          />
        </>
      )}
    </Field>
  );
}
