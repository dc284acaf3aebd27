// A small form in a dialog that writes one thing: it says what is wrong above its buttons, and keeps what was entered.

import type { ReactNode } from 'react';
import type { WriteHere } from '../api/write.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

export function EntryDialog({
  title,
  about,
  verb = 'Save',
  save,
  onClose,
  children,
}: {
  readonly title: string;
  readonly about?: string;
  /** On its button. */
  readonly verb?: string;
  readonly save: WriteHere;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      {...(about && { about })}
      onSubmit={() => save.send()}
      problem={save.problem}
      footer={
        <>
          <Button look="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" look="primary" busy={save.pending}>
            {verb}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">{children}</div>
    </Dialog>
  );
}
