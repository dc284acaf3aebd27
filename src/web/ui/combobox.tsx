// A text field whose answers are searched for as one types, and picked by arrow keys and Enter or by pointer. The order of
// the answers is that of whoever found them.

import { Check, ChevronsUpDown, X } from 'lucide-react';
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
  /** Beside it. */
  readonly aside?: ReactNode;
  readonly disabled?: boolean;
}

export interface ComboboxProps<C extends Choice> {
  readonly tied?: Tied;
  /** When there is no label tied to it. */
  readonly label?: string;
  readonly value: C | null;
  readonly onChange: (choice: C | null) => void;
  /** What is typed; the choices follow from it. */
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly choices: readonly C[] | undefined;
  readonly busy?: boolean;
  /** The choices answer other words than those that are typed: Enter waits for theirs. */
  readonly stale?: boolean;
  /** Enter leads to the next field: pressed again before the answer is there it does so too, and what comes first is picked. */
  readonly leadsOn?: boolean;
  readonly placeholder?: string;
  /** A form is not sent while nothing is chosen. */
  readonly required?: boolean;
  readonly disabled?: boolean;
  /** What stands in the list when nothing was found. */
  readonly none?: ReactNode;
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
  const [active, setActive] = useState(0);
  const list = useId();
  const input = useRef<HTMLInputElement>(null);
  const shown = choices ?? [];
  const waiting = query !== '' && (props.stale === true || choices === undefined);
  // Enter was pressed before the answer was there.
  const entered = useRef(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other answers begin at the first of them
  useEffect(
    () =>
      setActive(
        Math.max(
          0,
          shown.findIndex((choice) => !choice.disabled),
        ),
      ),
    [choices],
  );

  const close = (): void => {
    entered.current = false;
    setOpen(false);
    onQuery('');
  };
  /** The focus goes elsewhere: what was entered and led on is still picked when it is there. */
  const leave = (): void => {
    if (props.leadsOn && entered.current && waiting) setOpen(false);
    else close();
  };
  const pick = (choice: C | undefined): void => {
    if (!choice || choice.disabled) return;
    onChange(choice);
    close();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is picked once, when the answer comes
  useEffect(() => {
    if (waiting || !entered.current) return;
    entered.current = false;
    const first = shown.find((choice) => !choice.disabled);
    if (first) pick(first);
    else if (document.activeElement !== input.current) close();
  }, [waiting]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const { key } = event;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      event.preventDefault();
      if (open) setActive(beside(shown, active, key === 'ArrowDown' ? 1 : -1));
      else setOpen(true);
    } else if (key === 'Enter' && open && waiting) {
      if (!(props.leadsOn && entered.current)) event.preventDefault();
      entered.current = true;
    } else if (key === 'Enter' && open && shown.length > 0) {
      event.preventDefault();
      pick(shown[active]);
    } else if (key === 'Escape' && open) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };

  return (
    <Popover.Root open={open && !disabled} onOpenChange={(next) => (next ? setOpen(true) : leave())}>
      <Popover.Anchor asChild>
        <div className="relative">
          <input
            {...tied}
            ref={input}
            type="text"
            role="combobox"
            autoComplete="off"
            spellCheck={false}
            aria-label={label}
            aria-expanded={open}
            aria-controls={list}
            aria-autocomplete="list"
            aria-activedescendant={open && shown[active] ? `${list}-${active}` : undefined}
            // biome-ignore lint/a11y/noAutofocus: where a form opens for it
            autoFocus={autoFocus}
            disabled={disabled}
            required={props.required && !value}
            placeholder={value ? value.text : placeholder}
            value={open || query ? query : (value?.text ?? '')}
            onChange={({ target }) => {
              entered.current = false;
              setOpen(true);
              onQuery(target.value);
            }}
            onClick={() => setOpen(true)}
            onFocus={props.onFocus}
            onBlur={() => {
              leave();
              props.onBlur?.();
            }}
            onKeyDown={onKeyDown}
            className={classes(CONTROL, 'h-8 pr-14')}
          />
          <div className="absolute inset-y-0 right-1 flex items-center text-ink-3">
            {busy && open && <Spinner />}
            {value && !disabled && (
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
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          onOpenAutoFocus={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => event.preventDefault()}
          onInteractOutside={(event) => input.current?.contains(event.target as Node) && event.preventDefault()}
          className="z-50 max-h-[min(22rem,var(--radix-popover-content-available-height))] w-[max(var(--radix-popover-trigger-width),18rem)] max-w-[40rem] flex flex-col rounded-lg border border-line bg-raised p-1 shadow-raised"
        >
          <div
            id={list}
            role="listbox"
            aria-label={label ?? 'Choices'}
            aria-busy={busy}
            className="min-h-0 overflow-y-auto"
          >
            {shown.map((choice, index) => (
              <Row
                key={`${choice.value} ${choice.text}`}
                id={`${list}-${index}`}
                choice={choice}
                active={index === active}
                chosen={choice.value === value?.value}
                onPoint={() => setActive(index)}
                onPick={() => pick(choice)}
              />
            ))}
          </div>
          {shown.length === 0 && (
            <p role="status" className="px-2 py-1.5 text-ink-3 text-sm">
              {choices === undefined ? 'Searching …' : (none ?? 'Nothing found. Other words may find it.')}
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

/** The next choice in a direction that can be picked. */
function beside(choices: readonly Choice[], from: number, step: 1 | -1): number {
  for (let at = from + step; at >= 0 && at < choices.length; at += step) if (!choices[at]!.disabled) return at;
  return from;
}

function Row({
  id,
  choice,
  active,
  chosen,
  onPoint,
  onPick,
}: {
  readonly id: string;
  readonly choice: Choice;
  readonly active: boolean;
  readonly chosen: boolean;
  readonly onPoint: () => void;
  readonly onPick: () => void;
}) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) row.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
    // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus, and names the active one
    <div
      ref={row}
      id={id}
      role="option"
      aria-selected={chosen}
      aria-disabled={choice.disabled || undefined}
      onMouseDown={(event) => event.preventDefault()}
      onMouseMove={onPoint}
      onClick={onPick}
      className={classes(
        'flex cursor-pointer items-start gap-2 rounded-md px-2 py-1.5 text-sm',
        active && 'bg-hover',
        choice.disabled && 'cursor-default text-ink-3',
      )}
    >
      <div className="min-w-0 flex-1">
        <div>{choice.text}</div>
        {choice.description && <div className="text-ink-3 text-xs">{choice.description}</div>}
      </div>
      {choice.aside}
      {chosen && <Check aria-hidden className="mt-0.5 size-3.5 shrink-0 text-accent-text" />}
    </div>
  );
}
