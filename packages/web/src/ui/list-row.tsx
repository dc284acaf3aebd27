// One row of a list that stands beside what is chosen from it.

import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import { moveOrOpen } from './table.tsx';

export function ListRow({
  chosen,
  onOpen,
  children,
}: {
  readonly chosen: boolean;
  readonly onOpen: () => void;
  readonly children: ReactNode;
}) {
  return (
    <li
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the row is where its keys work
      tabIndex={0}
      data-row
      aria-current={chosen || undefined}
      onClick={onOpen}
      onKeyDown={(event) => moveOrOpen(event, onOpen)}
      className={classes(
        'cursor-pointer border-line border-b px-4 py-2 focus-visible:outline-offset-[-2px]',
        chosen ? 'bg-accent-soft' : 'hover:bg-hover',
      )}
    >
      {children}
    </li>
  );
}
