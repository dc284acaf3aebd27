// Where a command of a locked or signed note goes when it is carried forward: an open note of the patient, or a new one.

import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Loaded, Skeleton } from '../ui/states.tsx';
import { clockText, dayText } from '../ui/time.tsx';
import { tell, tellProblem } from '../ui/toast.tsx';
import { beginNote, makeNote } from './unmade.ts';

export function CarryForward({
  command,
  label,
  patient,
  onClose,
}: {
  /** Its id. */
  readonly command: string;
  readonly label: string;
  readonly patient: string;
  readonly onClose: () => void;
}) {
  const [, go] = useLocation();
  const open = useApi(api.notes.list, { query: { patient, state: 'open' } }, { staleTime: 0 });
  const [chosen, setChosen] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const first = open.data?.items[0]?.id;
  useEffect(() => {
    if (first) setChosen((before) => before ?? first);
  }, [first]);
  const carry = async (): Promise<void> => {
    setBusy(true);
    try {
      const note = chosen ?? (await makeNote({ id: beginNote(), patient, version: 0 })).id;
      await api.commands.execute({ params: { id: command, action: 'carry-forward' }, body: { note } });
      tell(`${label} is carried forward.`, { about: 'The copy is staged: look through it, then commit it.' });
      go(`/patients/${patient}/notes/${note}`);
    } catch (error) {
      tellProblem(error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Carry ${label} forward`}
      about="A staged copy goes into the note you choose. This note stays as it is."
      onSubmit={() => void carry()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy} disabled={!open.data}>
            Carry forward
          </Button>
        </>
      }
    >
      <Loaded from={open} skeleton={<Skeleton lines={3} />}>
        {({ items }) => (
          <fieldset className="flex flex-col gap-1 text-sm">
            <legend className="sr-only">Into which note</legend>
            {items.map(({ id, title, author, createdAt }) => (
              <Into key={id} checked={chosen === id} onChoose={() => setChosen(id)}>
                <span className="font-medium">{title}</span>
                <span className="text-ink-3">
                  {author.display ?? author.id} · {dayText(createdAt)}, {clockText(createdAt)}
                </span>
              </Into>
            ))}
            <Into checked={chosen === null} onChoose={() => setChosen(null)}>
              <span className="font-medium">A new note</span>
            </Into>
          </fieldset>
        )}
      </Loaded>
    </Dialog>
  );
}

function Into({
  checked,
  onChoose,
  children,
}: {
  readonly checked: boolean;
  readonly onChoose: () => void;
  readonly children: React.ReactNode;
}) {
  return (
    <label className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md border border-line px-3 py-1.5 hover:bg-hover has-checked:border-accent has-checked:bg-accent-soft">
      <input type="radio" name="into" checked={checked} onChange={onChoose} className="size-4 shrink-0 accent-accent" />
      {children}
    </label>
  );
}
