// Whose a document is and what it says, written beside it. Saying whose it is is kept at once; the rest when it is filed.

import { useQueryClient } from '@tanstack/react-query';
import { Archive, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { InboxItem } from '@chartwire/client/internal/contract/inbox';
import { api } from '../api/client.ts';
import { useRecord } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { useWrite } from '../api/write.ts';
import { PatientPicker, pickedPatient, type PickedPatient } from '../patients/patient-picker.tsx';
import { useShortcut } from '../shell/shortcuts.tsx';
import { Button } from '../ui/button.tsx';
import { Field, TextArea, TextInput } from '../ui/field.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { DateInput } from '../ui/date-input.tsx';
import { Failed } from '../ui/states.tsx';
import { tell } from '../ui/toast.tsx';
import { DiscardDialog } from './discard-dialog.tsx';
import { bodyOf, emptyValue, type FilingDraft, faultAt, isEmpty, KINDS, lackOf, takesValues } from './filing.ts';
import { KindChoice } from './kind-choice.tsx';
import { TermPicker } from './term-picker.tsx';
import { ValuesGrid } from './values-grid.tsx';

/** What became of a document, and whose it is. */
interface Filed {
  readonly patient: string;
  readonly text: string;
}

export function FilingForm({
  document,
  onFiled,
  onDiscarded,
}: {
  readonly document: InboxItem;
  /** Leads on, while the document is still in the list. */
  readonly onFiled: () => void;
  readonly onDiscarded: () => void;
}) {
  const { may } = useSession();
  const [, go] = useLocation();
  const { patient, match } = useMatch(document);
  const [draft, change] = useDraft(document);
  const [strict, setStrict] = useState(false);
  const [discarding, setDiscarding] = useState(false);
  const mayFile = may('DocumentReference', 'u');
  const hasValues = takesValues(draft.as);
  const filing = useWrite(
    (server, _: Filed) => server.inbox.file({ params: { id: document.id }, body: bodyOf(draft) }),
    {
      shown: 'here',
      changes: [api.inbox.list.path()],
      onTakenHere: onFiled,
      onDone: (_, { patient, text }) =>
        tell('Filed.', {
          about: text,
          action: { label: 'Open the chart', run: () => go(`/patients/${patient}`) },
        }),
    },
  );
  const { problem } = filing;
  const file = (): void => {
    setStrict(true);
    if (match.pending || !patient || (hasValues && draft.values.some(lackOf))) return;
    filing.send({
      patient: patient.value,
      text: `${KINDS.find(({ kind }) => kind === draft.as)!.label} of ${patient.text}`,
    });
  };
  useShortcut(
    { keys: 'mod+enter', label: 'File the document', group: 'Inbox', whileTyping: true },
    file,
    mayFile && !discarding,
  );
  const mayDiscard = may('DocumentReference', 'd');
  useShortcut(
    { keys: 'd', label: 'Discard the document', group: 'Inbox' },
    () => setDiscarding(true),
    mayDiscard && !discarding,
  );
  return (
    <form
      aria-label="File the document"
      className="flex min-h-full flex-col"
      onSubmit={(event) => event.preventDefault()}
    >
      <fieldset disabled={!mayFile} className="flex flex-1 flex-col gap-3.5 p-4">
        <Field label="Patient" required error={strict && !patient ? 'Choose a patient before you file it.' : undefined}>
          {(tied) => (
            <PatientPicker
              tied={tied}
              autoFocus={!document.patient}
              value={patient}
              onChange={(picked) => picked && match.send(picked)}
            />
          )}
        </Field>
        <KindChoice kind={draft.as} onChange={(as) => change({ as, code: null })} />
        <div className="grid grid-cols-[minmax(0,1fr)_9rem] gap-3">
          <Field label="Title" error={faultAt(problem, '/title')}>
            {(tied) => (
              <TextInput
                {...tied}
                autoFocus={document.patient !== null}
                maxLength={255}
                value={draft.title}
                onChange={({ target }) => change({ title: target.value })}
              />
            )}
          </Field>
          <Field label="Date" hint="Today if empty." error={faultAt(problem, '/effective')}>
            {(tied) => <DateInput {...tied} value={draft.effective} onChange={(effective) => change({ effective })} />}
          </Field>
        </div>
        {hasValues && (
          <Field label={draft.as === 'lab-report' ? 'Panel' : 'Study'} error={faultAt(problem, '/code')}>
            {(tied) => (
              <TermPicker
                tied={tied}
                has={draft.as === 'lab-report' ? 'panel' : 'imaging'}
                value={draft.code}
                onChange={(code) => change({ code })}
              />
            )}
          </Field>
        )}
        {draft.as === 'lab-report' && (
          <ValuesGrid
            values={draft.values}
            onChange={(values) => change({ values })}
            strict={strict}
            faultOf={(row) => faultAt(problem, `/values/${draft.values.filter((one) => !isEmpty(one)).indexOf(row)}`)}
          />
        )}
        <Field label={draft.as === 'lab-report' ? 'Comment' : 'What it says'} error={faultAt(problem, '/conclusion')}>
          {(tied) => (
            <TextArea
              {...tied}
              rows={draft.as === 'lab-report' ? 2 : 5}
              maxLength={20_000}
              value={draft.conclusion}
              onChange={({ target }) => change({ conclusion: target.value })}
            />
          )}
        </Field>
        {problem && <Failed problem={problem} />}
      </fieldset>
      <footer className="sticky bottom-0 flex items-center gap-2 border-line border-t bg-surface px-4 py-3">
        {mayDiscard && (
          <Button look="ghost" icon={Trash2} onClick={() => setDiscarding(true)}>
            Discard
          </Button>
        )}
        <span className="flex-1" />
        {mayFile && (
          <Button look="primary" icon={Archive} busy={filing.pending || match.pending} onClick={file}>
            File document
            <span className="hidden lg:inline">
              <Kbd keys="mod+enter" />
            </span>
          </Button>
        )}
      </footer>
      {discarding && (
        <DiscardDialog document={document} onClose={() => setDiscarding(false)} onDiscarded={onDiscarded} />
      )}
    </form>
  );
}

/** What was entered is there again for who looks at another document in between; nothing of it outlives the session. */
function useDraft(document: InboxItem): readonly [FilingDraft, (part: Partial<FilingDraft>) => void] {
  const client = useQueryClient();
  const key = [api.inbox.list.path(), document.id, 'draft'];
  const [draft, setDraft] = useState(() => client.getQueryData<FilingDraft>(key) ?? newDraft(document));
  const change = (part: Partial<FilingDraft>): void => {
    const changed = { ...draft, ...part };
    setDraft(changed);
    client.setQueryData(key, changed);
  };
  return [draft, change];
}

function newDraft({ title }: InboxItem): FilingDraft {
  return { as: 'lab-report', title, code: null, effective: '', conclusion: '', values: [emptyValue()] };
}

/** Whose the document is; said again, it is another's. */
function useMatch(document: InboxItem) {
  const [picked, setPicked] = useState<PickedPatient | null>(null);
  const match = useWrite(
    (server, { value }: PickedPatient) => server.inbox.match({ params: { id: document.id }, body: { patient: value } }),
    { changes: [api.inbox.list.path()], onDone: (_, one) => setPicked(one) },
  );
  const known = useRecord('Patient', picked ? undefined : (document.patient ?? undefined));
  const before = (id: string): PickedPatient => (known.data ? pickedPatient(id, known.data) : { value: id, text: '…' });
  return { patient: match.input ?? picked ?? (document.patient ? before(document.patient) : null), match };
}
