// Something to do, for oneself or another.

import { useRef, useState } from 'react';
import { api } from '../api/client.ts';
import { useRepeatKey } from '../api/idempotency-key.ts';
import { useSession } from '../api/session.tsx';
import { useWrite } from '../api/write.ts';
import { PatientPicker, type PickedPatient } from '../patients/patient-picker.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { tell } from '../ui/toast.tsx';
import { type TaskDraft, TaskFields, withLabel } from './task-form.tsx';

export function NewTask({
  about,
  onClose,
}: {
  /** What gave rise to it. */
  readonly about?: { readonly patient: PickedPatient; readonly focus: string };
  readonly onClose: () => void;
}) {
  const { user } = useSession();
  const [title, setTitle] = useState('');
  const [patient, setPatient] = useState<PickedPatient | null>(about?.patient ?? null);
  const [draft, setDraft] = useState<TaskDraft>({
    assignee: user.practitioner ? `Practitioner/${user.practitioner}` : null,
    due: null,
    priority: 'routine',
    labels: [],
  });
  const typed = useRef('');
  const repeat = useRepeatKey();
  const make = useWrite(
    (server) => {
      const { assignee, due, priority } = draft;
      const labels = withLabel(draft.labels, typed.current);
      const body = {
        title: title.trim(),
        priority,
        ...(patient && { patient: patient.value }),
        // What it is about belongs to the patient it was made for.
        ...(about && patient?.value === about.patient.value && { focus: about.focus }),
        ...(assignee && { assignee }),
        ...(due && { due }),
        ...(labels.length > 0 && { labels }),
      };
      return server.tasks.create({ idempotencyKey: repeat.of(body), body });
    },
    {
      shown: 'here',
      changes: [api.tasks.list.path()],
      onDone: () => {
        tell('Task created.');
      },
      onHere: onClose,
      onRefused: ({ passing }) => passing || repeat.spend(),
    },
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title="Create task"
      problem={make.problem}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={make.pending} disabled={!title.trim()} onClick={() => make.send()}>
            Create
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="Title" required>
          {(tied) => (
            <TextInput
              {...tied}
              autoFocus
              value={title}
              onChange={({ target }) => setTitle(target.value)}
              onKeyDown={({ key }) => key === 'Enter' && title.trim() && make.send()}
            />
          )}
        </Field>
        <Field label="Patient">{(tied) => <PatientPicker tied={tied} value={patient} onChange={setPatient} />}</Field>
        <TaskFields
          draft={draft}
          onChange={(part) => setDraft({ ...draft, ...part })}
          onTyped={(label) => {
            typed.current = label;
          }}
        />
      </div>
    </Dialog>
  );
}
