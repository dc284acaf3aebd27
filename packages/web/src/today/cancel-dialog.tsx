// Why an appointment is called off.

import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextInput } from '../ui/field.tsx';

export function CancelDialog({
  about,
  onCancel,
  onClose,
}: {
  readonly about: string;
  readonly onCancel: (reason: string | undefined) => void;
  readonly onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  return (
    <Dialog
      open
      onClose={onClose}
      title="Cancel this appointment?"
      about={about}
      onSubmit={() => onCancel(reason.trim() || undefined)}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button type="submit" look="danger">
            Cancel the appointment
          </Button>
        </>
      }
    >
      <Field label="Reason" hint="Kept with the appointment. It can be restored later.">
        {(tied) => (
          <TextInput
            {...tied}
            autoFocus
            value={reason}
            maxLength={1000}
            onChange={({ target }) => setReason(target.value)}
          />
        )}
      </Field>
    </Dialog>
  );
}
