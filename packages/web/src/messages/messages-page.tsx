// What patients and the practice write to each other: the threads at the left, one of them at the right.

import { MessageSquarePlus, MessagesSquare } from 'lucide-react';
import { useState } from 'react';
import { useLocation, useParams, useSearchParams } from 'wouter';
import { useSession } from '../api/session.tsx';
import { PatientPicker } from '../patients/patient-picker.tsx';
import { useShortcut } from '../shell/shortcuts.tsx';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Select } from '../ui/field.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Page } from '../ui/page.tsx';
import { Empty } from '../ui/states.tsx';
import { ThreadList } from './thread-list.tsx';
import { ThreadPane } from './thread-pane.tsx';
import { oneOf } from '../one-of.ts';

export default function MessagesPage() {
  const { may } = useSession();
  const { patient } = useParams<{ patient?: string }>();
  const [, go] = useLocation();
  const [params, setParams] = useSearchParams();
  const [asking, setAsking] = useState(false);
  const only = oneOf(['unread', 'unanswered'], params.get('only')) ?? '';
  const mayWrite = may('Communication', 'c');
  useShortcut({ keys: 'c', label: 'Write to a patient', group: 'Messages' }, () => setAsking(true), mayWrite);
  return (
    <Page
      title="Messages"
      actions={
        mayWrite && (
          <Button look="primary" icon={MessageSquarePlus} onClick={() => setAsking(true)}>
            New message
          </Button>
        )
      }
    >
      <div className="flex h-full">
        <div
          className={classes(
            'flex w-full min-w-0 flex-col border-line bg-surface md:w-80 md:shrink-0 md:border-r',
            patient && 'hidden md:flex',
          )}
        >
          <div className="border-line border-b p-2">
            <Select
              aria-label="Which threads"
              value={only}
              onChange={({ target }) => setParams(target.value ? { only: target.value } : {}, { replace: true })}
            >
              <option value="">All</option>
              <option value="unread">New</option>
              <option value="unanswered">Unanswered</option>
            </Select>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto">
            <ThreadList only={only} chosen={patient} />
          </div>
        </div>
        <div className={classes('min-w-0 flex-1', !patient && 'hidden md:block')}>
          {patient ? (
            <ThreadPane patient={patient} />
          ) : (
            <Empty icon={MessagesSquare} title="Choose a thread">
              Use the arrow keys to move, and Enter to open one. <Kbd keys="c" /> starts a new message.
            </Empty>
          )}
        </div>
      </div>
      {asking && (
        <Dialog open onClose={() => setAsking(false)} title="Write to a patient">
          <Field label="Patient">
            {(tied) => (
              <PatientPicker
                tied={tied}
                autoFocus
                value={null}
                onChange={(picked) => {
                  setAsking(false);
                  if (picked) go(`/messages/${picked.value}`);
                }}
              />
            )}
          </Field>
        </Dialog>
      )}
    </Page>
  );
}
