// Something to do, for oneself or another.

import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Problem } from '@chartwire/client/internal/client/index';
import { api } from '../api/client.ts';
import { newIdempotencyKey } from '../api/idempotency-key.ts';
import { useSession } from '../api/session.tsx';
import { PatientPicker, type PickedPatient } from '../patients/patient-picker.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { Failed } from '../ui/states.tsx';
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
  const client = useQueryClient();
  const [title, setTitle] = useState('');
  const [patient, setPatient] = useState<PickedPatient | null>(about?.patient ?? null);
  const [draft, setDraft] = useState<TaskDraft>({
    assignee: user.practitioner ? `Practitioner/${user.practitioner}` : null,
    due: null,
    priority: 'routine',
    labels: [],
  });
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const typed = useRef('');
  // However often it is sent, it is made once.
  const key = useRef(newIdempotencyKey());
  const make = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    const { assignee, due, priority } = draft;
    const labels = withLabel(draft.labels, typed.current);
    try {
      await api.tasks.create({
        idempotencyKey: key.current,
        body: {
          title: title.trim(),
          priority,
          ...(patient && { patient: patient.value }),
          // What it is about belongs to the patient it was made for.
          ...(about && patient?.value === about.patient.value && { focus: about.focus }),
          ...(assignee && { assignee }),
          ...(due && { due }),
          ...(labels.length > 0 && { labels }),
        },
      });
      await client.invalidateQueries({ queryKey: [api.tasks.list.path()] });
      tell('The task is made.');
      onClose();
    } catch (error) {
      setProblem(Problem.of(error));
      key.current = newIdempotencyKey();
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Make a task"
      footer={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button look="primary" busy={busy} disabled={!title.trim()} onClick={() => void make()}>
            Make it
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="What is to be done" required>
          {(tied) => (
            <TextInput
              {...tied}
              autoFocus
              value={title}
              onChange={({ target }) => setTitle(target.value)}
              onKeyDown={({ key }) => key === 'Enter' && title.trim() && !busy && void make()}
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
        {problem && <Failed problem={problem} />}
      </div>
    </Dialog>
  );
}
