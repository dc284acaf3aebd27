// A text field whose answers are searched for as one types, and picked by arrow keys and Enter or by pointer. The order of
// the answers is that of whoever found them. Only what answers the words typed is taken without being pointed at; words
// that nothing was chosen for stay in the field, marked.

import { Check, ChevronsUpDown, Eraser, Plus, X } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { IconButton } from './button.tsx';
import { classes } from './classes.ts';
import { CONTROL, type Tied } from './field.tsx';
import { Spinner } from './spinner.tsx';

export interface Choice {
  readonly value: string;
  readonly text: string;
  /** Below the text. */
  readonly description?: ReactNode;
  /** What the field shows once it is chosen, where the text doesn't tell it apart: a name with a number. */
  readonly chosen?: string;
  /** Beside it. */
  readonly aside?: ReactNode;
  readonly disabled?: boolean;
  /** It answers the words typed, and is no guess: Enter takes the first that does. */
  readonly fits?: boolean;
  /** It is the words themselves, and so no answer to them: it is called what is typed, whatever that is. */
  readonly isTyped?: boolean;
}

/** What is done besides choosing: `Add a pharmacy …`. It is given the words typed. */
export interface ComboboxAction {
  readonly label: string;
  readonly onDo: (typed: string) => void;
}

/** A line of the list. */
interface Row<C extends Choice> {
  readonly key: string;
  readonly choice?: C;
  readonly action?: ComboboxAction;
  readonly disabled: boolean;
}

export interface ComboboxProps<C extends Choice> {
  readonly tied?: Tied;
  /** When there is no label tied to it. */
  readonly label?: string;
  readonly value: Pick<C, 'value' | 'text'> | null;
  readonly onChange: (choice: C | null) => void;
  /** What is typed; the choices follow from it. */
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly choices: readonly C[] | undefined;
  readonly busy?: boolean;
  /** The choices answer other words than those that are typed: Enter waits for theirs. */
  readonly stale?: boolean;
  /** Enter leads to the next field: pressed again before the answer is there it does so too, and what fits is picked then. */
  readonly leadsOn?: boolean;
  /** The words typed as a choice, where they are taken as they stand when somebody goes on. */
  readonly asTyped?: (typed: string) => C | undefined;
  readonly actions?: readonly ComboboxAction[];
  readonly placeholder?: string;
  /** A form is not sent while nothing is chosen. */
  readonly required?: boolean;
  readonly disabled?: boolean;
  /** What stands in the list when nothing was found. */
  readonly none?: ReactNode;
  /** There are more than these, which other words may find. */
  readonly more?: boolean;
  /** Below the choices, whether there are any or not. */
  readonly foot?: ReactNode;
  readonly autoFocus?: boolean;
  /** Somebody came to it: what it offers is wanted. */
  readonly onFocus?: () => void;
  readonly onBlur?: () => void;
}

export function Combobox<C extends Choice>(props: ComboboxProps<C>) {
  const { tied, label, value, onChange, query, onQuery, choices, busy, placeholder, disabled, none, foot, autoFocus } =
    props;
  const [open, setOpen] = useState(false);
  const [here, setHere] = useState(false);
  /** The choice that somebody pointed at, by `keyOf`. */
  const [pointed, setPointed] = useState<string | null>(null);
  /** Enter found nothing to take. */
  const [refused, setRefused] = useState(false);
  const list = useId();
  const input = useRef<HTMLInputElement>(null);
  const shown = choices ?? [];
  const typed = query.trim();
  const waiting = typed !== '' && (props.stale === true || choices === undefined);
  // Enter was pressed before the answer was there.
  const entered = useRef(false);

  /** Choices first, then what else may be done. */
  const rows: readonly Row<C>[] = [
    ...shown.map((choice) => ({ key: keyOf(choice), choice, disabled: choice.disabled === true })),
    ...(props.actions ?? []).map((action) => ({ key: `do ${action.label}`, action, disabled: false })),
  ];
  const byHand = rows.findIndex(({ key, disabled }) => key === pointed && !disabled);
  const fitting = typed === '' || waiting ? -1 : shown.findIndex(({ fits, disabled }) => fits && !disabled);
  const active = byHand >= 0 ? byHand : fitting;
  const left = typed !== '' && !here && !disabled;

  const unpoint = (): void => {
    entered.current = false;
    setPointed(null);
    setRefused(false);
  };
  const close = (): void => {
    unpoint();
    setOpen(false);
    onQuery('');
  };
  const pick = (choice: C | undefined): void => {
    if (!choice || choice.disabled) return;
    onChange(choice);
    close();
  };
  const take = (row: Row<C> | undefined): void => {
    if (row?.action) {
      close();
      row.action.onDo(typed);
    } else pick(row?.choice);
  };
  /** Somebody goes on: the one that is called exactly so is taken; other words stay, marked. */
  const settle = (): void => {
    setOpen(false);
    if (typed === '') {
      close();
      return;
    }
    const exact = waiting ? [] : shown.filter((choice) => isExactly(choice, typed));
    pick(exact.length === 1 ? exact[0] : props.asTyped?.(typed));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is picked once, when the answer comes
  useEffect(() => {
    if (waiting) return;
    if (entered.current) {
      entered.current = false;
      if (active >= 0) take(rows[active]);
      else if (document.activeElement === input.current) setRefused(true);
    } else if (left) settle();
  }, [waiting]);
  // A form of the browser's is not sent with words that nothing was chosen for.
  useEffect(() => input.current?.setCustomValidity(left ? 'Choose one of the options, or remove the text.' : ''));

  const onKeyDown = (event: KeyboardEvent): void => {
    const { key } = event;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      event.preventDefault();
      const next = rows[beside(rows, active, key === 'ArrowDown' ? 1 : -1)];
      if (!open) setOpen(true);
      else if (next) setPointed(next.key);
    } else if (key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      settle();
    } else if (key === 'Enter' && open && waiting) {
      if (!(props.leadsOn && entered.current)) event.preventDefault();
      entered.current = true;
    } else if (key === 'Enter' && open && active >= 0) {
      event.preventDefault();
      take(rows[active]);
    } else if (key === 'Enter' && typed !== '') {
      event.preventDefault();
      setOpen(true);
      setRefused(open);
    } else if (key === 'Enter') {
      setOpen(false);
    } else if (key === 'Escape' && open) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };
  // What is refused at the field says it there.
  const said = left && !tied?.['aria-invalid'] ? `${list}-left` : undefined;

  return (
    <Popover.Root open={open && !disabled} onOpenChange={setOpen}>
      <Popover.Anchor asChild>
        <div className="relative">
          <input
            {...tied}
            {...(left && !waiting && { 'aria-invalid': true })}
            aria-describedby={[tied?.['aria-describedby'], said].filter(Boolean).join(' ') || undefined}
            ref={input}
            type="text"
            role="combobox"
            autoComplete="off"
            spellCheck={false}
            aria-label={label}
            aria-expanded={open}
            aria-controls={list}
            aria-autocomplete="list"
            aria-activedescendant={open && rows[active] ? `${list}-${active}` : undefined}
            // biome-ignore lint/a11y/noAutofocus: where a form opens for it
            autoFocus={autoFocus}
            disabled={disabled}
            required={props.required && !value}
            placeholder={value ? chosenText(value) : placeholder}
            value={open || query ? query : value ? chosenText(value) : ''}
            onChange={({ target }) => {
              unpoint();
              setOpen(true);
              onQuery(target.value);
            }}
            onClick={() => setOpen(true)}
            onFocus={() => {
              setHere(true);
              props.onFocus?.();
            }}
            onBlur={({ target }) => {
              // The window lost the focus, and the field in it did not.
              if (document.activeElement === target) return;
              setHere(false);
              // What was entered and led on is still picked when its answer is there.
              if (entered.current && waiting) setOpen(false);
              else settle();
              props.onBlur?.();
            }}
            onKeyDown={onKeyDown}
            className={classes(CONTROL, 'h-8 pr-14', left && !waiting && 'border-warn! bg-warn-soft')}
          />
          <div className="absolute inset-y-0 right-1 flex items-center text-ink-3">
            {busy && open && <Spinner />}
            {left && (
              <IconButton
                icon={Eraser}
                size="sm"
                label={`Remove “${typed}”`}
                tabIndex={-1}
                onMouseDown={(event) => event.preventDefault()}
                onClick={close}
              />
            )}
            {value && !disabled && !left && (
              <IconButton
                icon={X}
                size="sm"
                label="Clear"
                tabIndex={-1}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => onChange(null)}
              />
            )}
            <ChevronsUpDown aria-hidden className="pointer-events-none size-3.5" />
          </div>
        </div>
      </Popover.Anchor>
      {said && (
        <p id={said} role="status" className={classes('mt-1 text-xs', waiting ? 'text-ink-3' : 'text-warn-text')}>
          {waiting ? `Searching for “${typed}” …` : leftText(typed, value)}
        </p>
      )}
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          onOpenAutoFocus={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => event.preventDefault()}
          onMouseDown={(event) => event.preventDefault()}
          onInteractOutside={(event) => input.current?.contains(event.target as Node) && event.preventDefault()}
          className="z-50 max-h-[min(22rem,var(--radix-popover-content-available-height))] w-[max(var(--radix-popover-trigger-width),18rem)] max-w-[40rem] flex flex-col rounded-lg border border-line bg-raised p-1 shadow-raised"
        >
          {typed !== '' && !waiting && shown.length > 0 && active < 0 && (
            <p
              role={refused ? 'alert' : 'status'}
              className={classes('px-2 py-1.5 text-xs', refused ? 'font-medium text-warn-text' : 'text-ink-3')}
            >
              {refused && 'Nothing was chosen. '}None of these is clearly what you typed. Choose one with ↓, or type
              other words.
            </p>
          )}
          {shown.length === 0 && (
            <p
              role={refused ? 'alert' : 'status'}
              className={classes('px-2 py-1.5 text-sm', refused ? 'text-warn-text' : 'text-ink-3')}
            >
              {refused && 'Nothing was chosen. '}
              {choices === undefined ? 'Searching …' : (none ?? 'Nothing found. Try other words.')}
            </p>
          )}
          <div
            id={list}
            role="listbox"
            aria-label={label ?? 'Choices'}
            aria-busy={busy}
            className="min-h-0 overflow-y-auto"
          >
            {rows.map((row, index) => (
              <RowView
                key={row.key}
                id={`${list}-${index}`}
                row={row}
                active={index === active}
                chosen={row.choice !== undefined && row.choice.value === value?.value}
                onPoint={() => setPointed(row.key)}
                onPick={() => take(row)}
              />
            ))}
          </div>
          {props.more && !waiting && (
            <p className="mt-1 border-line border-t px-2 py-1.5 text-ink-3 text-xs">
              There are more. Type more to narrow the list.
            </p>
          )}
          {foot && (
            <p role="status" className="mt-1 border-line border-t px-2 py-1.5 text-plugin-text text-xs">
              {foot}
            </p>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function keyOf({ value, text }: Choice): string {
  return `${value} ${text}`;
}

/** Whether what is typed is what a choice is called, or its code, whole. */
function isExactly({ value, text, isTyped }: Choice, typed: string): boolean {
  if (isTyped) return false;
  const plain = (one: string): string => one.toLowerCase().replaceAll(/\s+/g, ' ').trim();
  const code = (one: string): string => one.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  return plain(text) === plain(typed) || (value !== '' && code(value) === code(typed));
}

function chosenText({ chosen, text }: Pick<Choice, 'chosen' | 'text'>): string {
  return chosen ?? text;
}

function leftText(typed: string, value: Pick<Choice, 'chosen' | 'text'> | null): string {
  const still = value ? ` It is still ${chosenText(value)}.` : '';
  return `Nothing is chosen for “${typed}”.${still} Choose an option, or remove the text.`;
}

/** The next choice in a direction that can be picked. */
function beside(rows: readonly { readonly disabled: boolean }[], from: number, step: 1 | -1): number {
  for (let at = from + step; at >= 0 && at < rows.length; at += step) if (!rows[at]!.disabled) return at;
  return from;
}

function RowView({
  id,
  row: { choice, action, disabled },
  active,
  chosen,
  onPoint,
  onPick,
}: {
  readonly id: string;
  readonly row: Row<Choice>;
  readonly active: boolean;
  readonly chosen: boolean;
  readonly onPoint: () => void;
  readonly onPick: () => void;
}) {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) line.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
    // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus, and names the active one
    <div
      ref={line}
      id={id}
      role="option"
      aria-selected={chosen}
      aria-disabled={disabled || undefined}
      onMouseDown={(event) => event.preventDefault()}
      // A list that appears under a pointer at rest is not pointed at.
      onMouseMove={({ movementX, movementY }) => (movementX !== 0 || movementY !== 0) && onPoint()}
      onClick={onPick}
      className={classes(
        'flex cursor-pointer gap-2 rounded-md px-2 py-1.5 text-sm',
        active && 'bg-hover',
        disabled && 'cursor-default text-ink-3',
        action ? 'items-center text-accent-text' : 'items-start',
      )}
    >
      {action && <Plus aria-hidden className="size-3.5 shrink-0" />}
      <div className="min-w-0 flex-1">
        <div>{choice?.text ?? action?.label}</div>
        {choice?.description && <div className="text-ink-3 text-xs">{choice.description}</div>}
      </div>
      {choice?.aside}
      {chosen && <Check aria-hidden className="mt-0.5 size-3.5 shrink-0 text-accent-text" />}
    </div>
  );
}
