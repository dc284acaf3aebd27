// A word to the patient about a report; sent, the report is reviewed, both or neither.

import { Send } from 'lucide-react';
import { useState } from 'react';
import type { ReportShape } from '@chartwire/client/internal/contract/reports';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextArea } from '../ui/field.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { useReview } from './use-review.ts';

export function MessageDialog({
  report,
  comment,
  onReviewed,
  onClose,
}: {
  readonly report: ReportShape;
  /** On the review, for the record; empty for none. */
  readonly comment: string;
  readonly onReviewed: () => void;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState('');
  const { title, patient } = report;
  const review = useReview(report, () => {
    onReviewed();
    onClose();
  });
  const send = (): void => {
    if (text.trim()) review.send({ message: text.trim(), ...(comment && { comment }) });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Write to ${patient.name ?? 'the patient'}`}
      about={title}
      problem={review.problem}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" icon={Send} busy={review.pending} disabled={!text.trim()} onClick={send}>
            Review and send <Kbd keys="mod+enter" />
          </Button>
        </>
      }
    >
      <Field label="Message" hint="The patient sees it in their messages, with the report’s name as its topic.">
        {(tied) => (
          <TextArea
            {...tied}
            rows={5}
            autoFocus
            maxLength={20_000}
            value={text}
            onChange={({ target }) => setText(target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) send();
            }}
          />
        )}
      </Field>
    </Dialog>
  );
}
