// What every page is made of: a head with its title and buttons, cards with a title, rows of words and values.

import type { ReactNode } from 'react';
import { useEffect, useId } from 'react';
import { classes } from './classes.ts';

/** A page that scrolls below its head. The title is the window's too. */
export function Page({
  title,
  about,
  actions,
  toolbar,
  children,
}: {
  readonly title: string;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  /** Filters and the like, below the title. */
  readonly toolbar?: ReactNode;
  readonly children: ReactNode;
}) {
  usePageTitle(title);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="border-line border-b bg-surface px-5 py-2.5">
        <div className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-2">
          <div className="flex min-w-0 flex-1 items-baseline gap-3">
            {/* The keys may go on from here. */}
            <h1 tabIndex={-1} className="truncate font-semibold text-lg tracking-tight outline-none">
              {title}
            </h1>
            {about && <div className="truncate text-ink-3 text-sm">{about}</div>}
          </div>
          {actions && <div className="flex items-center gap-2">{actions}</div>}
        </div>
        {toolbar && <div className="mt-2 flex flex-wrap items-center gap-2">{toolbar}</div>}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
    </div>
  );
}

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Chartwire`;
  }, [title]);
}

/** A group of things with a title: a section of a chart, a box of a form. */
export function Card({
  title,
  count,
  actions,
  className,
  children,
}: {
  readonly title?: ReactNode;
  readonly count?: number | undefined;
  readonly actions?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section
      {...(title !== undefined && { 'aria-labelledby': id })}
      className={classes('rounded-lg border border-line bg-surface shadow-card', className)}
    >
      {title !== undefined && (
        <header className="flex min-h-9 items-center gap-2 border-line border-b px-3 py-1">
          <h2 className="flex-1 truncate font-semibold text-sm">
            <span id={id}>{title}</span>
            {count !== undefined && <span className="ml-1.5 font-normal text-ink-3 tabular">{count}</span>}
          </h2>
          {actions}
        </header>
      )}
      {children}
    </section>
  );
}

/** Words and their values. */
export function Facts({ facts }: { readonly facts: readonly (readonly [label: string, value: ReactNode] | false)[] }) {
  return (
    <dl className="grid grid-cols-[max-content_1fr] items-baseline gap-x-4 gap-y-1 text-sm">
      {facts.map(
        (fact) =>
          fact &&
          fact[1] !== undefined &&
          fact[1] !== null &&
          fact[1] !== '' && (
            <div key={fact[0]} className="contents">
              <dt className="text-ink-3">{fact[0]}</dt>
              <dd className="min-w-0 break-words">{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
