// Before something that needs a reason: what it does, and why, in the words of whoever does it.

import { useState } from 'react';
import type { Client } from '@chartwire/client/internal/client/index';
import { useWrite } from '../api/write.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextArea } from '../ui/field.tsx';

export function ReasonDialog({
  title,
  about,
  hint,
  verb,
  danger = false,
  onClose,
  onDo,
}: {
  readonly title: string;
  readonly about: string;
  /** Where the reason is seen afterwards. */
  readonly hint: string;
  /** On the button. */
  readonly verb: string;
  readonly danger?: boolean;
  readonly onClose: () => void;
  /** It closes once that is done; until then what was said stays. */
  readonly onDo: (server: Client, reason: string) => Promise<unknown>;
}) {
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const given = reason.trim();
  const carryOut = useWrite(onDo, { shown: 'here', onHere: onClose });
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      onSubmit={() => {
        setTried(true);
        if (given) carryOut.send(given);
      }}
      problem={carryOut.problem}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look={danger ? 'danger' : 'primary'} busy={carryOut.pending}>
            {verb}
          </Button>
        </>
      }
    >
      <p className="mb-3 text-sm">{about}</p>
      <Field label="Reason" hint={hint} required error={tried && !given ? 'Enter a reason.' : undefined}>
        {(tied) => (
          <TextArea
            {...tied}
            autoFocus
            rows={2}
            value={reason}
            maxLength={1_000}
            onChange={({ target }) => setReason(target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
              event.preventDefault();
              event.currentTarget.form?.requestSubmit();
            }}
          />
        )}
      </Field>
    </Dialog>
  );
}
