// Before a note is signed or locked: what in it is not done yet.

import { saidBy } from '@chartwire/sdk/internal/commands/words';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import type { NoteView } from './note-view.ts';

export function SignNote({
  ending,
  view,
  onClose,
  onGo,
}: {
  readonly ending: 'lock' | 'sign' | null;
  readonly view: NoteView;
  readonly onClose: () => void;
  readonly onGo: (to: 'lock' | 'sign') => void;
}) {
  if (!ending) return null;
  const staged = view.lines.flatMap((line) => {
    const command = 'command' in line ? view.commands.get(line.command)?.view : undefined;
    const state = command?.saving.stored.state;
    return command && (state === 'staged' || state === 'in-review') ? [command] : [];
  });
  const verb = ending === 'sign' ? 'Sign' : 'Lock';
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${verb} this note?`}
      about={
        ending === 'sign'
          ? 'It’s signed with your name and locked. The signed version is kept.'
          : 'It can’t be changed until it’s unlocked.'
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" onClick={() => onGo(ending)}>
            {staged.length > 0 ? `${verb} anyway` : verb}
          </Button>
        </>
      }
    >
      {staged.length === 0 ? (
        <p className="text-sm">All its commands are committed. This also finishes the visit.</p>
      ) : (
        <>
          <p className="text-sm">
            {staged.length === 1 ? 'One command is' : `${staged.length} commands are`} not committed: nothing of{' '}
            {staged.length === 1 ? 'it' : 'them'} is in the chart.
          </p>
          <ul className="mt-2 flex flex-col gap-1 text-sm">
            {staged.map(({ id, kind, saving }) => (
              <li key={id} className="truncate rounded-md bg-sunken px-2.5 py-1.5">
                <span className="font-medium">{kind.label}</span>{' '}
                <span className="text-ink-2">{saidBy(kind, saving.stored.fields)[0]?.text ?? 'nothing filled in'}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}
