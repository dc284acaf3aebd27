// What was picked, where several may be: one chip each, taken away by its button.

import { X } from 'lucide-react';

export function Chips({
  items,
  onRemove,
}: {
  readonly items: readonly { readonly value: string; readonly text: string }[];
  readonly onRemove: (value: string) => void;
}) {
  if (items.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-1.5">
      {items.map(({ value, text }) => (
        <li
          key={value}
          className="inline-flex min-h-6 max-w-full items-center gap-1 rounded-md bg-accent-soft pl-2 text-accent-text text-sm"
        >
          <span className="min-w-0 truncate">{text}</span>
          <button
            type="button"
            aria-label={`Take ${text} away`}
            onClick={() => onRemove(value)}
            className="inline-flex size-6 shrink-0 items-center justify-center rounded-md hover:bg-hover"
          >
            <X aria-hidden className="size-3.5" />
          </button>
        </li>
      ))}
    </ul>
  );
}
