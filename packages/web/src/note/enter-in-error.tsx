// Before something that was committed is entered in error: what that does, in a word, and why, for whoever wants to say it.

import { type KeyboardEvent, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextInput } from '../ui/field.tsx';

export function EnterInError({
  open,
  label,
  onClose,
  onDo,
}: {
  readonly open: boolean;
  readonly label: string;
  readonly onClose: () => void;
  readonly onDo: (reason: string | undefined) => void;
}) {
  const [reason, setReason] = useState('');
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`Enter ${label} in error?`}
      onSubmit={() => {
        onClose();
        onDo(reason.trim() || undefined);
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="danger">
            Enter in error
          </Button>
        </>
      }
    >
      <p className="mb-3 text-sm">
        What it added to the chart is marked as entered in error, and what it changed is restored. The command stays in
        the note, struck through. This can’t be undone.
      </p>
      <Field label="Reason" hint="Optional. Shown beside the command.">
        {(tied) => (
          <TextInput
            {...tied}
            autoFocus
            value={reason}
            maxLength={1_000}
            onChange={({ target }) => setReason(target.value)}
            onKeyDown={ignoreHeld}
          />
        )}
      </Field>
    </Dialog>
  );
}

/** The Enter that chose this in the menu, held on, does not do it. */
function ignoreHeld(event: KeyboardEvent): void {
  if (event.key === 'Enter' && event.repeat) event.preventDefault();
}
