// Why an appointment is called off.

import { useState } from 'react';
import type { Slot } from '@chartwire/client/internal/contract/schedule';
import { api } from '../api/client.ts';
import { useWrite } from '../api/write.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { clockText } from '../ui/time.tsx';
import { tellDone } from './steps.ts';

export function CancelDialog({ slot, onClose }: { readonly slot: Slot; readonly onClose: () => void }) {
  const [reason, setReason] = useState('');
  const cancel = useWrite(
    (server) => {
      const why = reason.trim();
      return server.appointments.cancel({ params: { id: slot.id }, body: { ...(why && { reason: why }) } });
    },
    {
      shown: 'here',
      changes: [api.schedule.get.path()],
      onDone: () => {
        tellDone('cancel', slot);
      },
      onHere: onClose,
    },
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title="Cancel this appointment?"
      about={`${slot.patient?.name ?? 'No patient'}, ${clockText(slot.start)}`}
      onSubmit={() => cancel.send()}
      problem={cancel.problem}
      footer={
        <>
          <Button onClick={onClose}>Keep appointment</Button>
          <Button type="submit" look="danger" busy={cancel.pending}>
            Cancel appointment
          </Button>
        </>
      }
    >
      <Field label="Reason" hint="Kept with the appointment. You can restore it later.">
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
