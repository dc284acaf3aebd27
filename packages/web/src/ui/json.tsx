// JSON as it is, to be read and copied.

import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { indentJson, printJson } from '@chartwire/sdk/internal/kit/json/print';
import { IconButton } from './button.tsx';

/** Milliseconds in which it says that it was copied. */
const COPIED_MS = 1_500;

export function Json({ value, label }: { readonly value: unknown; readonly label: string }) {
  const [copied, setCopied] = useState(false);
  const text = value === undefined ? '' : indentJson(printJson(value));
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  return (
    <div className="relative">
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must by keyboard too
        tabIndex={0}
        aria-label={label}
        className="max-h-96 overflow-auto rounded-md border border-line bg-sunken p-2 pr-9"
      >
        <pre className="font-mono text-2xs text-ink-2">{text}</pre>
      </section>
      {navigator.clipboard && (
        <IconButton
          icon={copied ? Check : Copy}
          label={copied ? 'Copied' : `Copy: ${label}`}
          size="sm"
          className="absolute top-1.5 right-1.5"
          onClick={() => void copy()}
        />
      )}
    </div>
  );
}
