// Rows of a list, dense; a row can be opened by pointer or keyboard where `onOpen` is given.

import type { KeyboardEvent, ReactNode } from 'react';
import { classes } from './classes.ts';

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

export function Table<T>({
  label,
  columns,
  rows,
  keyOf,
  onOpen,
  onPoint,
  selected,
}: {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly onOpen?: (row: T) => void;
  /** It may be opened next: what it needs can be read already. */
  readonly onPoint?: (row: T) => void;
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
          <tr
            key={keyOf(row)}
            {...(onOpen && {
              tabIndex: 0,
              onClick: () => onOpen(row),
              onKeyDown: (event: KeyboardEvent<HTMLTableRowElement>) => moveOrOpen(event, () => onOpen(row)),
            })}
            {...(onPoint && { onMouseEnter: () => onPoint(row), onFocus: () => onPoint(row) })}
            aria-current={selected === keyOf(row) || undefined}
            className={classes(
              'border-line border-b align-top last:border-0 focus-visible:outline-offset-[-2px]',
              onOpen && 'cursor-pointer hover:bg-hover',
              selected === keyOf(row) && 'bg-accent-soft',
            )}
          >
            {columns.map(({ key, align, cell }) => (
              <td key={key} className={classes('px-3 py-1.5 first:pl-5 last:pr-5', align === 'right' && 'text-right')}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Up and down go from row to row, Enter opens one. */
export function moveOrOpen(event: KeyboardEvent<HTMLElement>, open: () => void): void {
  if (event.target !== event.currentTarget) return;
  const { key, currentTarget } = event;
  const beside = key === 'ArrowDown' || key === 'j' ? 'nextElementSibling' : 'previousElementSibling';
  if (key === 'Enter') open();
  else if (!['ArrowDown', 'ArrowUp', 'j', 'k'].includes(key)) return;
  else (currentTarget[beside] as HTMLElement | null)?.focus();
  event.preventDefault();
}
