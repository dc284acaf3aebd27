// Buttons. One primary a screen; the rest is quiet.

import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { classes } from './classes.ts';
import { Spinner } from './spinner.tsx';
import { Tip } from './tip.tsx';

const LOOK = {
  primary: 'bg-accent text-accent-ink hover:bg-accent-hover border-transparent',
  secondary: 'bg-surface text-ink border-line-strong hover:bg-hover',
  ghost: 'bg-transparent text-ink-2 border-transparent hover:bg-hover hover:text-ink',
  danger: 'bg-surface text-danger-text border-line-strong hover:bg-danger-soft',
} as const;

const SIZE = {
  sm: 'h-7 px-2 text-xs gap-1',
  md: 'h-8 px-3 text-sm gap-1.5',
} as const;

export interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: keyof typeof LOOK;
  readonly size?: keyof typeof SIZE;
  readonly icon?: LucideIcon;
  /** Something is under way: it cannot be pressed, and says so. It keeps the focus, which a disabled one would lose. */
  readonly busy?: boolean;
}

export function Button({
  look = 'secondary',
  size = 'md',
  icon: Icon,
  busy = false,
  disabled = false,
  children,
  className,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      {...pressable(busy, onClick)}
      disabled={disabled}
      className={classes(
        'inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-md border font-medium',
        'transition-colors duration-75',
        UNUSABLE,
        LOOK[look],
        SIZE[size],
        className,
      )}
    >
      {busy ? <Spinner /> : Icon && <Icon aria-hidden className="size-3.5 shrink-0" strokeWidth={2} />}
      {children}
    </button>
  );
}

const UNUSABLE = 'disabled:cursor-default disabled:opacity-55 aria-disabled:cursor-default aria-disabled:opacity-55';

/** What a press does: nothing while something is under way, nor is a form sent by it. */
function pressable(busy: boolean, onClick: ComponentProps<'button'>['onClick']): ComponentProps<'button'> {
  if (!busy) return onClick ? { onClick } : {};
  return { 'aria-busy': true, 'aria-disabled': true, onClick: (event) => event.preventDefault() };
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  readonly icon: LucideIcon;
  /** What it does, for the tip and for who does not see. */
  readonly label: string;
  readonly look?: keyof typeof LOOK;
  readonly size?: 'sm' | 'md';
  readonly hint?: ReactNode;
  readonly busy?: boolean;
}

export function IconButton({
  icon: Icon,
  label,
  look = 'ghost',
  size = 'md',
  hint,
  busy = false,
  className,
  onClick,
  ...rest
}: IconButtonProps) {
  return (
    <Tip text={label} hint={hint}>
      <button
        type="button"
        aria-label={label}
        {...rest}
        {...pressable(busy, onClick)}
        className={classes(
          'inline-flex shrink-0 items-center justify-center rounded-md border transition-colors duration-75',
          UNUSABLE,
          LOOK[look],
          size === 'sm' ? 'size-6' : 'size-8',
          className,
        )}
      >
        <Icon aria-hidden className="size-4" strokeWidth={1.9} />
      </button>
    </Tip>
  );
}
