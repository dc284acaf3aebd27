// A word at the edge of the page about what was just done, or did not work.

import { CircleCheck, TriangleAlert } from 'lucide-react';
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import type { Problem } from '@chartwire/client/internal/client/index';
import { sessionEnd } from '../api/session-end.ts';
import { classes } from './classes.ts';

interface Shown {
  readonly id: number;
  readonly tone: 'ok' | 'danger';
  readonly title: string;
  readonly about?: string;
  /** Milliseconds for which it stays, where that's not what its tone gives it. */
  readonly stays?: number;
  readonly action?: { readonly label: string; readonly run: () => void };
}

let shown: readonly Shown[] = [];
let count = 0;
const watchers = new Set<() => void>();

function change(next: readonly Shown[]): void {
  shown = next;
  for (const watcher of watchers) watcher();
}

// What was done was done to a patient: it is not told to whoever signs in next.
sessionEnd.forgetting(() => change([]));

sessionEnd.warning(() =>
  tell('Your session ends in a minute.', {
    about: 'Move the pointer or press a key to stay signed in.',
    stays: 60_000,
  }),
);

/** Says that something was done; `action` may take it back. */
export function tell(title: string, more: Pick<Shown, 'about' | 'action' | 'stays'> = {}): void {
  change([...shown.slice(-2), { id: ++count, tone: 'ok', title, ...more }]);
}

/** Says that something did not work: what happened and what to do next. */
export function tellProblem({ message: title, next }: Problem): void {
  const about = next || 'Try again. If it keeps failing, tell an administrator when it happened.';
  change([...shown.slice(-2), { id: ++count, tone: 'danger', title, about }]);
}

const TOASTS = 'toasts';

/** Whether an element is in a toast: to answer one is not to leave the dialog that is open. */
export const isInToast = (element: EventTarget | null): boolean =>
  element instanceof Element && element.closest(`.${TOASTS}`) !== null;

/** Milliseconds for which a toast stays, unless it says otherwise. */
const STAYS = { ok: 5_000, danger: 12_000 } as const;

const remove = (id: number): void => change(shown.filter((one) => one.id !== id));

/**
 * The page and its toasts. They take neither the focus nor any key: whoever presses Escape means the dialog they are in,
 * not a word at the edge that came up meanwhile.
 */
export function Toasts({ children }: { readonly children: ReactNode }) {
  const list = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => shown,
  );
  // Somebody points at them or is in them: they wait.
  const [held, setHeld] = useState(false);
  return (
    <>
      {children}
      {createPortal(
        <section
          aria-label="Notifications"
          // A dialog hides the rest of the page from screen readers, but no live region.
          aria-live="polite"
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={() => setHeld(false)}
          onFocus={() => setHeld(true)}
          onBlur={() => setHeld(false)}
          // A dialog makes the rest of the page deaf to the pointer; a toast can be answered all the same.
          className={classes(TOASTS, 'pointer-events-auto fixed bottom-4 left-4 z-50 flex flex-col gap-2')}
        >
          {list.map((one) => (
            <Toast key={one.id} of={one} held={held} />
          ))}
        </section>,
        document.body,
      )}
    </>
  );
}

function Toast({ of, held }: { readonly of: Shown; readonly held: boolean }) {
  const { id, tone, title, about, action, stays = STAYS[tone] } = of;
  useEffect(() => {
    if (held) return;
    const end = setTimeout(() => remove(id), stays);
    return () => clearTimeout(end);
  }, [held, id, stays]);
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className="flex w-90 max-w-[calc(100vw-2rem)] animate-slide-in items-start gap-2.5 rounded-lg border border-line bg-raised p-3 shadow-raised"
    >
      {tone === 'ok' ? (
        <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok-text" />
      ) : (
        <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger-text" />
      )}
      <div className="min-w-0 flex-1 text-sm">
        <p className="font-medium">{title}</p>
        {about && <p className="text-ink-2">{about}</p>}
      </div>
      {action && (
        <button
          type="button"
          onClick={() => {
            remove(id);
            action.run();
          }}
          className="rounded-md px-2 py-0.5 font-medium text-accent-text text-sm hover:bg-hover"
        >
          {action.label}
        </button>
      )}
    </div>
  );
}
