// A word to the patient about a report; sent, the report is reviewed, both or neither.

import { Send } from 'lucide-react';
import { useState } from 'react';
import type { ReportShape } from '@chartwire/client/internal/contract/reports';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextArea } from '../ui/field.tsx';
import { Kbd } from '../ui/kbd.tsx';

export function MessageDialog({
  report: { title, patient },
  onSend,
  onClose,
}: {
  readonly report: ReportShape;
  /** True when it was sent. */
  readonly onSend: (text: string) => Promise<boolean>;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (): Promise<void> => {
    if (!text.trim() || busy) return;
    setBusy(true);
    if (await onSend(text.trim())) onClose();
    else setBusy(false);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Write to ${patient.name ?? 'the patient'}`}
      about={title}
      footer={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button look="primary" icon={Send} busy={busy} disabled={!text.trim()} onClick={() => void submit()}>
            Review and send <Kbd keys="mod+enter" />
          </Button>
        </>
      }
    >
      <Field label="Message" hint="The patient sees it in their thread, with the report’s name as its topic.">
        {(tied) => (
          <TextArea
            {...tied}
            rows={5}
            autoFocus
            maxLength={20_000}
            value={text}
            onChange={({ target }) => setText(target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void submit();
            }}
          />
        )}
      </Field>
    </Dialog>
  );
}
