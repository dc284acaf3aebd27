// What else can be done here: a list that opens at a control.

import type { LucideIcon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { Fragment, type ReactElement } from 'react';
import { classes } from './classes.ts';
import { Kbd } from './kbd.tsx';

export interface MenuItem {
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly keys?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** A line before it. */
  readonly apart?: boolean;
  readonly onSelect: () => void;
}

export function Menu({
  items,
  align = 'end',
  children,
}: {
  readonly items: readonly (MenuItem | false | null | undefined)[];
  readonly align?: 'start' | 'end';
  /** The control that opens it. */
  readonly children: ReactElement;
}) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 min-w-44 animate-appear rounded-lg border border-line bg-raised p-1 shadow-raised"
        >
          {items.map(
            (item) =>
              item && (
                <Fragment key={item.label}>
                  {item.apart && <DropdownMenu.Separator className="my-1 h-px bg-line" />}
                  <DropdownMenu.Item
                    disabled={item.disabled === true}
                    onSelect={item.onSelect}
                    className={classes(
                      'flex h-7.5 cursor-pointer select-none items-center gap-2 rounded-md px-2 text-sm outline-none',
                      'data-disabled:cursor-default data-highlighted:bg-hover data-disabled:text-ink-3',
                      item.danger && 'text-danger-text',
                    )}
                  >
                    {item.icon && <item.icon aria-hidden className="size-3.5 opacity-75" />}
                    <span className="flex-1">{item.label}</span>
                    {item.keys && <Kbd keys={item.keys} />}
                  </DropdownMenu.Item>
                </Fragment>
              ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
