// Where a command of a locked or signed note goes when it is carried forward: an open note of the patient, or a new one.

import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../api/client.ts';
import { usePages } from '../api/queries.ts';
import { useWrite } from '../api/write.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { More } from '../ui/more.tsx';
import { Loaded, Skeleton } from '../ui/states.tsx';
import { clockText, dayText } from '../ui/time.tsx';
import { tell } from '../ui/toast.tsx';
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
  const open = usePages(api.notes.list, { query: { patient, state: 'open' } }, { staleTime: 0 });
  const [chosen, setChosen] = useState<string | null>(null);
  const first = open.data?.[0]?.id;
  useEffect(() => {
    if (first) setChosen((before) => before ?? first);
  }, [first]);
  const carry = useWrite(
    async (server) => {
      const note = chosen ?? (await makeNote({ id: beginNote(), patient, version: 0 })).id;
      await server.commands.execute({ params: { id: command, action: 'carry-forward' }, body: { note } });
      return note;
    },
    {
      shown: 'here',
      onDone: () => {
        tell(`${label} is carried forward.`, { about: 'The copy is staged: look through it, then commit it.' });
      },
      onHere: (note) => go(`/patients/${patient}/notes/${note}`),
    },
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Carry ${label} forward`}
      about="A staged copy goes into the note you choose. This note stays as it is."
      onSubmit={() => carry.send()}
      problem={carry.problem}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={carry.pending} disabled={!open.data}>
            Carry forward
          </Button>
        </>
      }
    >
      <Loaded from={open} skeleton={<Skeleton lines={3} />}>
        {(items) => (
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
            <More of={open} label="More notes" />
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
