// A word about a control, for whoever points at it or comes to it by keyboard.

import { Tooltip } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';

export function Tips({ children }: { readonly children: ReactNode }) {
  return (
    <Tooltip.Provider delayDuration={350} skipDelayDuration={200}>
      {children}
    </Tooltip.Provider>
  );
}

export function Tip({
  text,
  hint,
  side = 'bottom',
  children,
}: {
  readonly text: ReactNode;
  /** Keys, at its end. */
  readonly hint?: ReactNode;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  readonly children: ReactElement;
}) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          side={side}
          sideOffset={5}
          collisionPadding={8}
          className="z-50 flex max-w-80 animate-appear items-center gap-2 rounded-md bg-ink px-2 py-1 text-canvas text-xs shadow-raised"
        >
          {text}
          {hint}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
