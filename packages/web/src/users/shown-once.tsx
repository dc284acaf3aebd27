// A secret that is shown now and never again, with a button to copy it.

import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { exactText } from '../ui/time.tsx';

export function ShownOnce({
  title,
  about,
  text,
  until,
  onClose,
}: {
  readonly title: string;
  readonly about: string;
  readonly text: string;
  readonly until?: string | null;
  readonly onClose: () => void;
}) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      about={about}
      footer={
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <output className="block break-all rounded-md bg-sunken px-3 py-2 font-mono text-sm">{text}</output>
      <div className="mt-3 flex items-center gap-3">
        {/* The clipboard is there in secure contexts only; the text can be selected in any. */}
        {navigator.clipboard && (
          <Button icon={copied ? Check : Copy} onClick={() => void copy()}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
        {until && <p className="text-ink-3 text-sm">Good until {exactText(until)}.</p>}
      </div>
    </Dialog>
  );
}
