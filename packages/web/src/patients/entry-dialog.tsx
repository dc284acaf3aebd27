// A small form in a dialog that writes one thing: it says what is wrong where it is wrong, and closes when it is done.

import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { Problem } from '@chartwire/client/internal/client/index';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failed } from '../ui/states.tsx';

export function EntryDialog({
  title,
  about,
  save = 'Save',
  onSave,
  onClose,
  children,
}: {
  readonly title: string;
  readonly about?: string;
  readonly save?: string;
  readonly onSave: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const form = useId();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await onSave();
      onClose();
    } catch (error) {
      setProblem(Problem.of(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      {...(about && { about })}
      footer={
        <>
          <Button look="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={form} look="primary" busy={busy}>
            {save}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
        {children}
        {problem && <Failed problem={problem} />}
      </form>
    </Dialog>
  );
}
