// Rows of a list, dense; a row can be opened by pointer or keyboard where `onOpen` is given.

import type { KeyboardEvent, ReactNode } from 'react';
import { tableOf } from '../table-of.ts';
import { classes } from './classes.ts';
import { Entry } from './entry.tsx';

export interface Column<T> {
  readonly key: string;
  readonly label: string;
  /** Its label is for who does not see only. */
  readonly silent?: boolean;
  readonly align?: 'right';
  /** CSS width. */
  readonly width?: string;
  readonly cell: (row: T) => ReactNode;
}

export function Table<T extends object>({
  label,
  columns,
  rows,
  keyOf,
  onOpen,
  selected,
}: {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly onOpen?: (row: T) => void;
  readonly selected?: string | undefined;
}) {
  return (
    <table aria-label={label} className="w-full border-collapse text-sm">
      <thead>
        <tr className="text-left text-ink-3 text-xs">
          {columns.map(({ key, label: head, silent, align, width }) => (
            <th
              key={key}
              scope="col"
              style={{ width }}
              className={classes(
                'sticky top-0 z-10 border-line border-b bg-surface px-3 py-1.5 font-medium first:pl-5 last:pr-5',
                align === 'right' && 'text-right',
              )}
            >
              {silent ? <span className="sr-only">{head}</span> : head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Entry key={keyOf(row)} of={row} as="tr">
            {() => (
              <tr
                {...(onOpen && {
                  tabIndex: 0,
                  'data-row': true,
                  onClick: () => onOpen(row),
                  onKeyDown: (event: KeyboardEvent<HTMLTableRowElement>) => moveOrOpen(event, () => onOpen(row)),
                })}
                aria-current={selected === keyOf(row) || undefined}
                className={classes(
                  'border-line border-b align-top last:border-0 focus-visible:outline-offset-[-2px]',
                  onOpen && 'cursor-pointer hover:bg-hover',
                  selected === keyOf(row) && 'bg-accent-soft',
                )}
              >
                {columns.map(({ key, align, cell }) => (
                  <td
                    key={key}
                    className={classes('px-3 py-1.5 first:pl-5 last:pr-5', align === 'right' && 'text-right')}
                  >
                    {cell(row)}
                  </td>
                ))}
              </tr>
            )}
          </Entry>
        ))}
      </tbody>
    </table>
  );
}

/** Up and down go from row to row, Enter opens one. */
export function moveOrOpen(event: KeyboardEvent<HTMLElement>, open: () => void): void {
  if (event.key !== 'Enter') moveAmongRows(event);
  else if (event.target === event.currentTarget) {
    open();
    event.preventDefault();
  }
}

const STEPS: Readonly<Record<string, number>> = tableOf({ ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 });

/** Up and down go to what is marked as `data-row` before or after, also in another group of the page. */
export function moveAmongRows(event: KeyboardEvent<HTMLElement>): void {
  const { target, currentTarget, key, metaKey, ctrlKey, altKey } = event;
  const step = STEPS[key];
  if (step === undefined || target !== currentTarget || metaKey || ctrlKey || altKey) return;
  const rows = rowsIn(currentTarget.closest('main, [role=dialog]') ?? document);
  rows[rows.indexOf(currentTarget) + step]?.focus();
  event.preventDefault();
}

/** For keys that are a row’s, while no row has the focus. */
export function focusFirstRow(): void {
  rowsIn(document.querySelector('main') ?? document)[0]?.focus();
}

/** Where a row is gone, the keys go on at the one in its place, else the last; where none is left, from the page’s title. */
export function focusRowInPlace(at: number): void {
  const page = document.querySelector('main') ?? document;
  const rows = rowsIn(page);
  (rows[at] ?? rows.at(-1) ?? page.querySelector('h1'))?.focus();
}

function rowsIn(part: ParentNode): readonly HTMLElement[] {
  return [...part.querySelectorAll<HTMLElement>('[data-row]')];
}
