// A label, a control, and what is to be said about it. The control is given ids that tie them together.

import { type ComponentProps, type ReactNode, useId } from 'react';
import { classes } from './classes.ts';

export interface Tied {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
  readonly 'aria-required'?: true;
}

export interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong with it, in words. */
  readonly error?: ReactNode;
  readonly required?: boolean;
  /** Beside the label, at its end. */
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: (tied: Tied) => ReactNode;
}

export function Field({ label, hint, error, required, aside, className, children }: FieldProps) {
  const id = useId();
  const about = error || hint ? `${id}-about` : undefined;
  return (
    <div className={classes('flex min-w-0 flex-col gap-1', className)}>
      <div className="flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="font-medium text-ink-2 text-xs">
          {label}
          {required && (
            <span className="text-danger-text" title="needed">
              {' '}
              *
            </span>
          )}
        </label>
        {aside}
      </div>
      {children({
        id,
        ...(about && { 'aria-describedby': about }),
        ...(error && { 'aria-invalid': true }),
        ...(required && { 'aria-required': true }),
      })}
      {about && (
        <div id={about} className={classes('text-xs', error ? 'text-danger-text' : 'text-ink-3')}>
          {error ?? hint}
        </div>
      )}
    </div>
  );
}

export const CONTROL =
  'w-full min-w-0 rounded-md border border-control-line/70 bg-surface px-2 text-sm text-ink transition-colors ' +
  'hover:border-control-line focus-visible:outline-offset-0 disabled:bg-sunken disabled:text-ink-3 ' +
  'aria-invalid:border-danger';

export function TextInput({ className, ...rest }: ComponentProps<'input'>) {
  return (
    <input
      type="text"
      autoComplete="off"
      {...rest}
      className={classes(CONTROL, 'h-8 read-only:bg-sunken', className)}
    />
  );
}

/** Grows with its text, from one line or as many as are asked for. */
export function TextArea({ className, rows = 1, style, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      rows={rows}
      {...rest}
      // What grows with its text takes no account of its rows.
      style={{ minHeight: `calc(${rows}lh + 0.875rem)`, ...style }}
      className={classes(
        CONTROL,
        'field-sizing-content max-h-96 resize-y py-1.5 leading-snug read-only:bg-sunken',
        className,
      )}
    />
  );
}

export function Select({ className, children, ...rest }: ComponentProps<'select'>) {
  return (
    <select {...rest} className={classes(CONTROL, 'h-8 pr-6', className)}>
      {children}
    </select>
  );
}

export function Checkbox({
  label,
  className,
  ...rest
}: Omit<ComponentProps<'input'>, 'type'> & { readonly label: ReactNode }) {
  return (
    <label className={classes('inline-flex min-h-6 cursor-pointer items-center gap-2 text-sm', className)}>
      <input type="checkbox" {...rest} className="size-4 shrink-0 accent-accent" />
      {label}
    </label>
  );
}
