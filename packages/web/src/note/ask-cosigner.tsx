// Asking a supervisor to sign a note too.

import { useState } from 'react';
import { useRecords } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { nameText } from '../fhir/words.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Select, TextArea } from '../ui/field.tsx';

export function AskCosigner({
  taken,
  onClose,
  onAsk,
}: {
  /** Practitioners who signed it, or were asked already. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onAsk: (practitioner: string, message: string | undefined) => void;
}) {
  const { user } = useSession();
  const [practitioner, setPractitioner] = useState('');
  const [message, setMessage] = useState('');
  const [tried, setTried] = useState(false);
  const people = useRecords('Practitioner', { _count: 200, _sort: 'name' });
  const others = people.data?.filter(
    ({ id = '', active }) => active !== false && id !== user.practitioner && !taken.includes(id),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title="Ask for a co-signature"
      about="It is on their list of notes to co-sign until they sign or return it."
      onSubmit={() => {
        setTried(true);
        if (practitioner) onAsk(practitioner, message.trim() || undefined);
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary">
            Ask
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="Supervisor" required error={tried && !practitioner ? 'Choose who should co-sign.' : undefined}>
          {(tied) => (
            <Select {...tied} autoFocus value={practitioner} onChange={({ target }) => setPractitioner(target.value)}>
              <option value="">Choose …</option>
              {others?.map(({ id, name }) => (
                <option key={id} value={id}>
                  {nameText(name)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="What they should know" hint="Shown with the request.">
          {(tied) => (
            <TextArea
              {...tied}
              rows={2}
              value={message}
              maxLength={1_000}
              onChange={({ target }) => setMessage(target.value)}
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
