// What a place shows while there is nothing in it: it is read, it is empty, it failed.

import { type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Problem } from '@chartwire/client/internal/client/index';
import { Button } from './button.tsx';
import { classes } from './classes.ts';

/** Per cent, of one line after the other. */
const WIDTHS = [92, 68, 84, 55, 88, 73, 60, 80];

/** Lines where text will be, eight at most. */
export function Skeleton({ lines = 3, className }: { readonly lines?: number; readonly className?: string }) {
  return (
    <div role="status" aria-label="Loading" className={classes('flex flex-col gap-2 p-4', className)}>
      {WIDTHS.slice(0, lines).map((width) => (
        <div key={width} className="h-3.5 animate-skeleton rounded-sm bg-line" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}

/** Nothing is here yet: what this place is for, and how to begin. */
export function Empty({
  icon: Icon,
  title,
  children,
  action,
}: {
  readonly icon?: LucideIcon;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-1.5 px-6 py-10 text-center">
      {Icon && <Icon aria-hidden className="mb-1 size-6 text-ink-3" strokeWidth={1.6} />}
      <p className="font-medium text-ink">{title}</p>
      {children && <div className="max-w-md text-ink-3 text-sm">{children}</div>}
      {action && <div className="mt-2">{action}</div>}
    </div>
  );
}

/** It did not work: what happened and what to do next. */
export function Failed({ problem, onRetry }: { readonly problem: Problem; readonly onRetry?: () => void }) {
  return (
    <div
      role="alert"
      className="flex items-start gap-2.5 rounded-lg border border-danger/40 bg-danger-soft px-3 py-2.5"
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger-text" />
      <div className="min-w-0 flex-1 text-sm">
        <p className="font-medium text-danger-text">{problem.message}</p>
        {problem.next && <p className="text-ink-2">{problem.next}</p>}
        {problem.faults.length > 0 && (
          <ul className="mt-1 list-disc pl-4 text-ink-2">
            {problem.faults.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                {message} <span className="text-ink-3">({path})</span>
              </li>
            ))}
          </ul>
        )}
      </div>
      {onRetry && (
        <Button size="sm" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** One of the three above, or what came: so that no screen forgets one. */
export function Loaded<T>({
  from,
  skeleton = <Skeleton />,
  children,
}: {
  readonly from: {
    readonly data: T | undefined;
    readonly error: Problem | null;
    readonly refetch: () => unknown;
  };
  readonly skeleton?: ReactNode;
  readonly children: (data: T) => ReactNode;
}) {
  const { data, error, refetch } = from;
  if (data !== undefined) return children(data);
  if (error)
    return (
      <div className="p-4">
        <Failed problem={error} onRetry={() => void refetch()} />
      </div>
    );
  return skeleton;
}
