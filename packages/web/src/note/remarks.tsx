// What stays beside a command for whoever reads it later: why it was entered in error, which checks were gone against and
// with which reason, and which did not run.

import { ChevronRight, TriangleAlert } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { choiceText } from '@chartwire/sdk/internal/commands/words';
import type { Operation } from '@chartwire/sdk/internal/kit/command-kind';
import { classes } from '../ui/classes.ts';
import { exactText } from '../ui/time.tsx';
import { CheckBadge, ownCheckOf } from './check-badge.tsx';
import { type CommandShape, pluginOf } from './command-doc.ts';

export function Remarks({ command }: { readonly command: CommandShape }) {
  const { enteredInError, overrides, unanswered } = command;
  return (
    <>
      {enteredInError && (
        <p className="mt-0.5 text-sm">
          {enteredInError.reason && <Because>{enteredInError.reason}</Because>} <Signed {...enteredInError} />
        </p>
      )}
      {overrides.length > 0 && <Overrides overrides={overrides} />}
      {unanswered.length > 0 && <Unanswered command={command} />}
    </>
  );
}

function Overrides({ overrides }: Pick<CommandShape, 'overrides'>) {
  // A reason is kept again with each change it was given for; it is read once.
  const distinct = overrides.filter(
    ({ check, reason }, index) => overrides.findIndex((one) => one.check === check && one.reason === reason) === index,
  );
  return (
    <Opening
      title={distinct.length === 1 ? 'Confirmed against a check' : `Confirmed against ${distinct.length} checks`}
    >
      {distinct.map(({ check, message, reason, by, at }) => (
        <p key={`${check} ${reason}`} className="ml-4">
          <CheckBadge check={check} /> {message} <Because>{reason}</Because> <Signed by={by} at={at} />
        </p>
      ))}
    </Opening>
  );
}

function Unanswered({ command: { unanswered, actions } }: { readonly command: CommandShape }) {
  const checks = [...new Set(unanswered.map(({ check }) => check))];
  const title = (
    <>
      <TriangleAlert aria-hidden className="size-3.5" />
      {checks.every(ownCheckOf)
        ? 'Not fully checked:'
        : checks.length === 1
          ? 'One check did not run:'
          : `${checks.length} checks did not run:`}
      {eachOnce(checks).map((check) => (
        <CheckBadge key={check} check={check} />
      ))}
    </>
  );
  return (
    // Told when it happens; from then on it stands here.
    <Opening title={title} role="status">
      {unanswered.map(({ check, operation, message, by, at }) => (
        <p key={`${check} ${operation} ${at}`} className="ml-4">
          <CheckBadge check={check} />{' '}
          {ownCheckOf(check) ? 'couldn’t check' : `${check.slice(pluginOf(check).length + 1)} did not run`}{' '}
          {operation === 'EXECUTE_ACTION'
            ? `for “${choiceText(actions.find((one) => one.at === at)?.action ?? 'action')}”`
            : `when it was ${DONE[operation]}`}
          : {message} <Signed by={by} at={at} />
        </p>
      ))}
    </Opening>
  );
}

const DONE: Readonly<Record<Exclude<Operation, 'EXECUTE_ACTION'>, string>> = {
  ORIGINATE: 'begun',
  UPDATE: 'edited',
  COMMIT: 'committed',
  DELETE: 'deleted',
  ENTER_IN_ERROR: 'entered in error',
};

/** A line that opens. */
function Opening({
  title,
  role,
  children,
}: {
  readonly title: ReactNode;
  readonly role?: 'status';
  readonly children: ReactNode;
}) {
  const [open, setOpen] = useState(false);
  return (
    <div role={role} className="mt-0.5 text-xs">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="inline-flex min-h-6 flex-wrap items-center gap-1 text-left text-warn-text"
      >
        <ChevronRight aria-hidden className={classes('size-3 transition-transform', open && 'rotate-90')} />
        {title}
      </button>
      {open && children}
    </div>
  );
}

/** Of a plugin's checks the first: it is the plugin that is named. */
function eachOnce(checks: readonly string[]): readonly string[] {
  const named = (check: string): string => ownCheckOf(check) ?? pluginOf(check);
  return checks.filter((check, index) => checks.findIndex((one) => named(one) === named(check)) === index);
}

function Because({ children }: { readonly children: ReactNode }) {
  return (
    <>
      <span className="text-ink-3">Because:</span> {children}
    </>
  );
}

/** Who, and when. */
function Signed({ by, at }: Pick<CommandShape['overrides'][number], 'by' | 'at'>) {
  return (
    <span className="text-ink-3 text-xs">
      {by.display ?? by.id}, {exactText(at)}
    </span>
  );
}
