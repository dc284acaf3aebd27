// The head of a note: its title, whose it is, how far it has come, whether all is saved; lock and sign.

import { Lock, LockOpen, Signature } from 'lucide-react';
import { useMemo, useState, useSyncExternalStore } from 'react';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Ago } from '../ui/time.tsx';
import { tellProblem } from '../ui/toast.tsx';
import type { NoteDoc, NoteView } from './note-doc.ts';
import { SavedWord } from './saved-word.tsx';
import { Sides } from './sides.tsx';
import { SignNote } from './sign-note.tsx';
import { tableOf } from '../table-of.ts';

const STATE: Readonly<Record<string, { readonly label: string; readonly tone: Tone }>> = tableOf({
  open: { label: 'Open', tone: 'info' },
  locked: { label: 'Locked', tone: 'neutral' },
  signed: { label: 'Signed', tone: 'ok' },
  deleted: { label: 'Deleted', tone: 'danger' },
});

export function NoteHead({
  doc,
  view,
  mayWrite,
}: {
  readonly doc: NoteDoc;
  readonly view: NoteView;
  readonly mayWrite: boolean;
}) {
  const { note, title, saving } = view;
  const [ending, setEnding] = useState<'lock' | 'sign' | null>(null);
  const [busy, setBusy] = useState(false);
  const open = note.state === 'open';
  const theirs = saving.fields.title?.theirs;
  const state = STATE[note.state];
  const go = (to: 'lock' | 'sign' | 'unlock'): void => {
    setEnding(null);
    setBusy(true);
    doc
      .transition(to)
      .catch(tellProblem)
      .finally(() => setBusy(false));
  };
  return (
    <header className="border-line border-b px-4 py-2">
      <div className="flex min-h-8 flex-wrap items-center gap-x-2 gap-y-1">
        {open && mayWrite ? (
          <input
            aria-label="Title of the note"
            value={title}
            maxLength={255}
            onChange={({ target }) => doc.setTitle(target.value)}
            onBlur={() => doc.blur('title')}
            onKeyDown={({ key, currentTarget }) => key === 'Enter' && currentTarget.blur()}
            className="-mx-1.5 field-sizing-content min-w-24 max-w-full rounded-md bg-transparent px-1.5 py-0.5 font-semibold text-lg tracking-tight hover:bg-hover focus-visible:outline-offset-0"
          />
        ) : (
          <h2 className="min-w-0 truncate font-semibold text-lg tracking-tight">{title}</h2>
        )}
        {state && <Badge tone={state.tone}>{state.label}</Badge>}
        <span className="flex-1" />
        {open && <AllSaved doc={doc} view={view} />}
        {mayWrite && open && (
          <>
            <Button size="sm" icon={Lock} busy={busy} onClick={() => setEnding('lock')}>
              Lock
            </Button>
            <Button size="sm" look="primary" icon={Signature} busy={busy} onClick={() => setEnding('sign')}>
              Sign
            </Button>
          </>
        )}
        {mayWrite && note.state === 'locked' && (
          <Button size="sm" look="primary" icon={Signature} busy={busy} onClick={() => go('sign')}>
            Sign
          </Button>
        )}
        {mayWrite && (note.state === 'locked' || note.state === 'signed') && (
          <Button size="sm" icon={LockOpen} busy={busy} onClick={() => go('unlock')}>
            Unlock
          </Button>
        )}
      </div>
      <p className="text-ink-3 text-xs">
        {note.author.display ?? note.author.id} · begun <Ago time={note.createdAt} />
        {note.signedAt && (
          <>
            {' '}
            · signed <Ago time={note.signedAt} />
            {note.signedBy?.display && ` by ${note.signedBy.display}`}
          </>
        )}
        {!open && <span className="text-ink-2"> · Nothing in it can be changed. Unlock it to write on.</span>}
      </p>
      {theirs && <Sides field={null} theirs={theirs.value} onChoose={doc.chooseTitle} />}
      <SignNote ending={ending} view={view} onClose={() => setEnding(null)} onGo={go} />
    </header>
  );
}

/** Of the note and all of its commands. */
function AllSaved({ doc, view }: { readonly doc: NoteDoc; readonly view: NoteView }) {
  const { commands, lines } = view;
  // biome-ignore lint/correctness/useExhaustiveDependencies: which commands there are is in the lines
  const watch = useMemo(
    () => (watcher: () => void) => {
      const stops = [doc.watch(watcher), ...[...commands.values()].map((one) => one.watch(watcher))];
      return () => {
        for (const stop of stops) stop();
      };
    },
    [doc, commands, lines],
  );
  const standing = useSyncExternalStore(watch, () => doc.standing);
  return <SavedWord standing={standing} />;
}
