// One record in a section: what it is, a word below, something at its end; it opens at the side.

import type { KeyboardEvent, ReactNode } from 'react';
import { useState } from 'react';
import { classes } from '../ui/classes.ts';

export function Row({
  onOpen,
  main,
  below,
  aside,
  before,
  faded,
}: {
  readonly onOpen: () => void;
  readonly main: ReactNode;
  readonly below?: ReactNode;
  readonly aside?: ReactNode;
  /** A control of its own, before the row. */
  readonly before?: ReactNode;
  /** It is over. */
  readonly faded?: boolean;
}) {
  return (
    <li className="flex items-start">
      {before && <span className="pt-1.5 pr-1 pl-7.5 leading-none">{before}</span>}
      <button
        type="button"
        data-row
        onClick={onOpen}
        className={classes(
          'flex min-h-7 min-w-0 flex-1 items-baseline gap-3 py-1 pr-3 text-left text-sm hover:bg-hover focus-visible:outline-offset-[-2px]',
          before ? 'pl-1' : 'pl-7.5',
        )}
      >
        <span className="min-w-0 flex-1">
          <span className={classes('block break-words', faded && 'text-ink-2')}>{main}</span>
          {below && <span className="block break-words text-ink-3 text-xs">{below}</span>}
        </span>
        {aside && <span className="flex shrink-0 items-center gap-1.5 text-ink-3 text-xs tabular">{aside}</span>}
      </button>
    </li>
  );
}

/** What is over, behind a line that says how much there is; drawn once it is asked for. */
export function Past({ label, children }: { readonly label: string; readonly children: () => ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary
        data-row
        className="flex min-h-6 items-center pl-7.5 text-ink-3 text-xs hover:text-ink focus-visible:outline-offset-[-2px]"
      >
        {open ? 'Hide' : 'Show'} {label}
      </summary>
      {open && <ul>{children()}</ul>}
    </details>
  );
}

/** Up and down among all rows of what this is the handler of. */
export function moveAmongRows(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  const here = event.target as HTMLElement;
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || here.dataset.row === undefined) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
  const next = rows[rows.indexOf(here) + step];
  if (!next) return;
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
  event.preventDefault();
}
