// A part of the summary: folds and remembers it, can be jumped to by a digit, and is laid out only when it is looked at.

import { ChevronRight } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { useShortcut } from '../shell/shortcuts.tsx';
import { classes } from '../ui/classes.ts';
import { Kbd } from '../ui/kbd.tsx';
import { useLooking } from './opened.tsx';
import { useRemembered } from './remembered.ts';

export interface SectionProps {
  /** For what is remembered of it. */
  readonly name: string;
  readonly title: string;
  /** Jumps here. */
  readonly digit?: string;
  readonly count?: number;
  /** What it is made of: it says so when there are more, or when the user may not see them. */
  readonly types: readonly string[];
  readonly aside?: ReactNode;
  /** What stands here while there is nothing. */
  readonly empty: ReactNode;
  readonly children: ReactNode;
}

export function Section({ name, title, digit, count, types, aside, empty, children }: SectionProps) {
  const { chart } = useLooking();
  const [open, setOpen] = useRemembered<boolean>(`section.${name}`, true);
  const head = useRef<HTMLButtonElement>(null);
  const jump = (): void => {
    setOpen(true);
    head.current?.scrollIntoView({ block: 'start' });
    head.current?.focus();
  };
  useShortcut({ keys: digit ?? '', label: title, group: 'In the chart' }, jump, digit !== undefined);
  const withheld = types.every((type) => chart.withheld.includes(type));
  const cut = types.some((type) => chart.truncated.includes(type));
  const body = `section-${name}`;
  return (
    <section
      aria-label={title}
      className="border-line border-b bg-surface [contain-intrinsic-size:auto_9rem] [content-visibility:auto]"
    >
      <header className="flex min-h-9 items-center gap-2 pr-3">
        <h2 className="min-w-0 flex-1">
          <button
            ref={head}
            type="button"
            data-row
            aria-expanded={open}
            aria-controls={body}
            onClick={() => setOpen(!open)}
            className="flex h-9 w-full items-center gap-1.5 pl-2.5 text-left font-semibold text-sm focus-visible:outline-offset-[-2px]"
          >
            <ChevronRight
              aria-hidden
              className={classes('size-3.5 shrink-0 text-ink-3 transition-transform duration-75', open && 'rotate-90')}
            />
            <span className="truncate">{title}</span>
            {count !== undefined && count > 0 && <span className="font-normal text-ink-3 tabular">{count}</span>}
          </button>
        </h2>
        {aside}
        {digit !== undefined && (
          <span aria-hidden className="hidden opacity-70 lg:inline">
            <Kbd keys={digit} />
          </span>
        )}
      </header>
      <div id={body} hidden={!open} className="pb-1.5">
        {open && (
          <>
            {withheld ? (
              <Quiet>Your role doesn’t let you see these.</Quiet>
            ) : count === 0 ? (
              <Quiet>{empty}</Quiet>
            ) : (
              children
            )}
            {cut && <Quiet>The newest 500 are shown. Find older ones through the FHIR API.</Quiet>}
          </>
        )}
      </div>
    </section>
  );
}

export function Quiet({ children }: { readonly children: ReactNode }) {
  return <p className="px-7.5 pb-1 text-ink-3 text-sm">{children}</p>;
}
