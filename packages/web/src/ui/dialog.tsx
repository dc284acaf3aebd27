// What comes before the page and holds the keyboard until it is answered: a dialog in the middle, or a panel at the side.

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, type RefObject, useRef } from 'react';
import type { Problem } from '@chartwire/client/internal/client/index';
import { IconButton } from './button.tsx';
import { classes } from './classes.ts';
import { Failed } from './states.tsx';
import { submitting } from './submit.ts';
import { isInToast } from './toast.tsx';

const PLACE = {
  middle:
    'top-[12vh] left-1/2 max-h-[80vh] w-[min(32rem,calc(100vw-2rem))] -translate-x-1/2 rounded-lg animate-appear border',
  wide: 'top-[8vh] left-1/2 max-h-[86vh] w-[min(52rem,calc(100vw-2rem))] -translate-x-1/2 rounded-lg animate-appear border',
  side: 'inset-y-0 right-0 w-[min(34rem,100vw)] animate-slide-in border-l',
} as const;

export function Dialog({
  open,
  onClose,
  title,
  about,
  place = 'middle',
  onSubmit,
  problem,
  footer,
  children,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly about?: ReactNode;
  readonly place?: keyof typeof PLACE;
  /** It is a form: what Enter in a field does, and the button of its footer that is of type submit. */
  readonly onSubmit?: () => void;
  /** Why what it is for was refused: above its buttons, in sight however long the rest is. */
  readonly problem?: Problem | null;
  /** The buttons: what it is for last. */
  readonly footer?: ReactNode;
  readonly children: ReactNode;
}) {
  const before = useFocusBefore(open);
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/35" />
        <Radix.Content
          {...(about === undefined && { 'aria-describedby': undefined })}
          // Where no field asks for the focus, the whole of it has it: its keys scroll it, and no button looks chosen.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            (event.currentTarget as HTMLElement).focus();
          }}
          onInteractOutside={(event) => isInToast(event.target) && event.preventDefault()}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            // This comes a moment after it is gone: what was opened since then keeps the focus.
            const free = document.activeElement === document.body;
            if (free && before.current instanceof HTMLElement) before.current.focus();
          }}
          className={classes('fixed z-40 flex flex-col border-line bg-raised shadow-raised outline-none', PLACE[place])}
        >
          <header className="flex items-start gap-3 border-line border-b py-2.5 pr-2 pl-4">
            <div className="min-w-0 flex-1 py-0.5">
              <Radix.Title className="truncate font-semibold text-base">{title}</Radix.Title>
              {about !== undefined && <Radix.Description className="text-ink-3 text-sm">{about}</Radix.Description>}
            </div>
            <IconButton icon={X} label="Close" onClick={onClose} />
          </header>
          <Body onSubmit={onSubmit}>
            <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>
            {problem && (
              <div className="max-h-[40%] shrink-0 overflow-y-auto px-4 pb-3">
                <Failed problem={problem} />
              </div>
            )}
            {footer && <footer className="flex justify-end gap-2 border-line border-t px-4 py-3">{footer}</footer>}
          </Body>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Body({
  onSubmit,
  children,
}: {
  readonly onSubmit: (() => void) | undefined;
  readonly children: ReactNode;
}): ReactNode {
  if (!onSubmit) return children;
  return (
    <form onSubmit={submitting(() => onSubmit())} className="flex min-h-0 flex-1 flex-col">
      {children}
    </form>
  );
}

/** What had the focus when it opened: it gets it back. */
function useFocusBefore(open: boolean): RefObject<Element | null> {
  const before = useRef<Element | null>(null);
  const wasOpen = useRef(false);
  if (open && !wasOpen.current) before.current = lastingly(document.activeElement);
  wasOpen.current = open;
  return before;
}

/** A menu is gone by the time: what opened it is not. */
function lastingly(active: Element | null): Element | null {
  const menu = active?.closest('[role=menu]');
  return menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : active;
}
