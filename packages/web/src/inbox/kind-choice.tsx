// What a document is filed as: one of four, by arrow keys or pointer.

import { FileText, FlaskConical, type LucideIcon, ScanLine, Stethoscope } from 'lucide-react';
import { useId } from 'react';
import { type FilingKind, KINDS } from './filing.ts';

const ICON: Readonly<Record<FilingKind, LucideIcon>> = {
  'lab-report': FlaskConical,
  'imaging-report': ScanLine,
  'referral-report': Stethoscope,
  document: FileText,
};

export function KindChoice({
  kind,
  onChange,
}: {
  readonly kind: FilingKind;
  readonly onChange: (kind: FilingKind) => void;
}) {
  const name = useId();
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-medium text-ink-2 text-xs">File as</legend>
      <div className="grid grid-cols-4 gap-1 rounded-lg bg-sunken p-1">
        {KINDS.map(({ kind: one, short }) => {
          const Icon = ICON[one];
          return (
            <label
              key={one}
              className="flex h-7 cursor-pointer items-center justify-center gap-1.5 rounded-md px-1.5 text-ink-2 text-sm has-checked:bg-raised has-checked:font-medium has-checked:text-ink has-checked:shadow-card has-focus-visible:outline-2 has-focus-visible:outline-focus"
            >
              <input
                type="radio"
                name={name}
                checked={one === kind}
                onChange={() => onChange(one)}
                className="sr-only"
              />
              <Icon aria-hidden className="size-3.5 shrink-0" />
              <span className="truncate">{short}</span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
