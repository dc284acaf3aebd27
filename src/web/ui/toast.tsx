// A word at the edge of the page about what was just done, or did not work.

import { CircleCheck, TriangleAlert } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { type ReactNode, useSyncExternalStore } from 'react';
import { Problem } from '../api/client.ts';
import { sessionEnd } from '../api/session-end.ts';

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
export function tellProblem(error: unknown): void {
  const problem = error instanceof Problem ? error : undefined;
  const title = problem?.message ?? 'That did not work.';
  const about = problem?.next || 'Try again; if it stays, tell the administrator when it happened.';
  change([...shown.slice(-2), { id: ++count, tone: 'danger', title, about }]);
}

export function Toasts({ children }: { readonly children: ReactNode }) {
  const list = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => shown,
  );
  return (
    <Radix.Provider duration={5_000} swipeDirection="left">
      {children}
      {list.map((one) => (
        <Radix.Root
          key={one.id}
          duration={one.stays ?? (one.tone === 'danger' ? 12_000 : 5_000)}
          onOpenChange={(open) => !open && change(shown.filter(({ id }) => id !== one.id))}
          className="flex w-90 max-w-[calc(100vw-2rem)] animate-slide-in items-start gap-2.5 rounded-lg border border-line bg-raised p-3 shadow-raised"
        >
          {one.tone === 'ok' ? (
            <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok-text" />
          ) : (
            <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger-text" />
          )}
          <div className="min-w-0 flex-1 text-sm">
            <Radix.Title className="font-medium">{one.title}</Radix.Title>
            {one.about && <Radix.Description className="text-ink-2">{one.about}</Radix.Description>}
          </div>
          {one.action && (
            <Radix.Action
              altText={one.action.label}
              onClick={one.action.run}
              className="rounded-md px-2 py-0.5 font-medium text-accent-text text-sm hover:bg-hover"
            >
              {one.action.label}
            </Radix.Action>
          )}
        </Radix.Root>
      ))}
      <Radix.Viewport className="fixed bottom-4 left-4 z-50 flex flex-col gap-2 outline-none" />
    </Radix.Provider>
  );
}
