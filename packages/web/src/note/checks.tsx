// What plugins, and the checks that come with Chartwire, said to what was to be saved or done: refused, to be confirmed with a
// reason. Who said it is named; what was said is at its field as well. Also any other problem of it, with what to do next.

import { ShieldAlert, ShieldQuestion } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Problem } from '@chartwire/client/internal/client/index';
import { Button } from '../ui/button.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { CheckBadge } from './check-badge.tsx';
import type { CommandView } from './command-doc.ts';

export function Checks({
  view,
  onReasons,
  onRetry,
  onDismiss,
}: {
  readonly view: Pick<CommandView, 'problem' | 'saving'>;
  readonly onReasons: (reasons: Readonly<Record<string, string>>) => void;
  readonly onRetry: () => void;
  readonly onDismiss: () => void;
}) {
  const { problem } = view;
  // About what is being typed: the cursor is not taken away from there.
  const saving = problem !== null && problem === view.saving.problem;
  const closing = { saving, onDismiss };
  if (problem?.code === 'gate.confirm') return <Confirm problem={problem} onReasons={onReasons} {...closing} />;
  // What is said at a field is said once.
  const atFields = problem?.code === 'command.fields' && problem.faults.length > 0;
  return problem && !atFields ? <Refused problem={problem} onRetry={onRetry} {...closing} /> : null;
}

interface Closing {
  readonly problem: Problem;
  readonly saving: boolean;
  /** What was to be done is not done; what was typed is given up. */
  readonly onDismiss: () => void;
}

function Refused({ problem, saving, onRetry, onDismiss }: Closing & { readonly onRetry: () => void }) {
  const refused = problem.checks.filter(({ outcome }) => outcome === 'refused');
  return (
    <div
      role="alert"
      className="flex items-start gap-2.5 rounded-md border border-danger/50 bg-danger-soft px-3 py-2 text-sm"
    >
      <ShieldAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger-text" />
      <div className="min-w-0 flex-1">
        {refused.length > 0 ? (
          refused.map(({ check, message }) => (
            <p key={`${check} ${message}`}>
              <CheckBadge check={check} className="mr-1.5 align-text-bottom" />
              <span className="font-medium text-danger-text">{message}</span>
            </p>
          ))
        ) : (
          <p className="font-medium text-danger-text">{problem.message}</p>
        )}
        {problem.next && <p className="text-ink-2">{problem.next}</p>}
      </div>
      <div className="flex shrink-0 gap-1.5">
        <Button size="sm" onClick={onRetry}>
          Try again
        </Button>
        <Button size="sm" look="ghost" onClick={onDismiss}>
          {saving ? 'Undo my change' : 'Close'}
        </Button>
      </div>
    </div>
  );
}

/** One goes on with a reason for each check that asks; it is kept with the command and shown. */
function Confirm({
  problem,
  saving,
  onReasons,
  onDismiss,
}: Closing & { readonly onReasons: (reasons: Readonly<Record<string, string>>) => void }) {
  const asked = problem.checks.filter(({ outcome }) => outcome === 'confirm');
  const [reasons, setReasons] = useState<Readonly<Record<string, string>>>({});
  const complete = asked.every(({ check }) => reasons[check]?.trim());
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    if (complete) onReasons(reasons);
  };
  return (
    <form
      aria-label="Confirm"
      onSubmit={onSubmit}
      // Keys of the command are not those of this question.
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDismiss();
        if (event.key === 'Escape' || event.key === 'Enter') event.stopPropagation();
      }}
      className="flex items-start gap-2.5 rounded-md border border-warn/60 bg-warn-soft px-3 py-2 text-sm"
    >
      <ShieldQuestion aria-hidden className="mt-0.5 size-4 shrink-0 text-warn-text" />
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        {asked.map(({ check, message }, index) => (
          <div key={check} role="alert">
            <p className="mb-1">
              <CheckBadge check={check} className="mr-1.5 align-text-bottom" />
              <span className="font-medium text-warn-text">{message}</span>
            </p>
            <Field label="Reason to continue" required>
              {(tied) => (
                <TextInput
                  {...tied}
                  autoFocus={index === 0 && !saving}
                  maxLength={1_000}
                  value={reasons[check] ?? ''}
                  onChange={({ target }) => setReasons({ ...reasons, [check]: target.value })}
                />
              )}
            </Field>
          </div>
        ))}
        <div className="flex gap-2">
          <Button type="submit" size="sm" look="primary" disabled={!complete}>
            Continue with this reason
          </Button>
          <Button size="sm" look="ghost" onClick={onDismiss}>
            {saving ? 'Undo my change' : 'Not now'}
          </Button>
        </div>
      </div>
    </form>
  );
}
