// Asking a supervisor to sign a note too.

import { useState } from 'react';
import { useRepeatKey } from '../api/idempotency-key.ts';
import { useAllRecords } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { useWrite } from '../api/write.ts';
import { nameText } from '../fhir/words.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Select, TextArea } from '../ui/field.tsx';
import type { NoteDoc } from './note-doc.ts';

export function AskCosigner({
  doc,
  taken,
  onClose,
}: {
  readonly doc: NoteDoc;
  /** Practitioners who signed it, or were asked already. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
}) {
  const { user } = useSession();
  const [practitioner, setPractitioner] = useState('');
  const [message, setMessage] = useState('');
  const [tried, setTried] = useState(false);
  const people = useAllRecords('Practitioner', { _sort: 'name' });
  const repeat = useRepeatKey();
  const ask = useWrite(
    (server) =>
      doc.annotate((id) => {
        const body = { practitioner, message: message.trim() || undefined };
        const idempotencyKey = repeat.of({ id, ...body });
        return server.notes.cosignatureRequests.create({ params: { id }, body, idempotencyKey });
      }),
    { shown: 'here', onHere: onClose, onRefused: ({ passing }) => passing || repeat.spend() },
  );
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
        if (practitioner) ask.send();
      }}
      problem={ask.problem}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={ask.pending}>
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
