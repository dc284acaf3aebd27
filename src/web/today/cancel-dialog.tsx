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
  const submit = (): void => onCancel(reason.trim() || undefined);
  return (
    <Dialog
      open
      onClose={onClose}
      title="Cancel this appointment?"
      about={about}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button look="danger" onClick={submit}>
            Cancel the appointment
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label="Reason" hint="Kept with the appointment. It can be restored later.">
          {(tied) => (
            <TextInput {...tied} value={reason} maxLength={1000} onChange={({ target }) => setReason(target.value)} />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
