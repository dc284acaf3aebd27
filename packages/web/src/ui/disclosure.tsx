// What is there for whoever wants it: a line that opens.

import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';

export function Disclosure({
  title,
  open,
  children,
}: {
  readonly title: ReactNode;
  /** From the beginning. */
  readonly open?: boolean;
  readonly children: ReactNode;
}) {
  // What is not looked at is not drawn: it may be long.
  const [shown, setShown] = useState(open === true);
  return (
    <details open={open} onToggle={({ currentTarget }) => currentTarget.open && setShown(true)} className="group">
      <summary className="flex min-h-6 list-none items-center gap-1 font-medium text-ink-2 text-xs hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-3.5 shrink-0 transition-transform duration-75 group-open:rotate-90" />
        {title}
      </summary>
      {shown && <div className="pt-1 pb-2 pl-4.5">{children}</div>}
    </details>
  );
}
