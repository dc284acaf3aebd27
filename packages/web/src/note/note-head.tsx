// The head of a note: its title, whose it is, how far it has come, who stands for it, whether all is saved; and what can be
// done with the whole of it.

import { Lock, LockOpen, Printer, Signature, TextQuote, Trash2, Undo2, UserRoundPen } from 'lucide-react';
import { useMemo, useState, useSyncExternalStore } from 'react';
import { Link, useLocation } from 'wouter';
import type { Client } from '@chartwire/client/internal/client/index';
import { useSession } from '../api/session.tsx';
import { useWrite } from '../api/write.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import { nameApart } from '../patients/found-patient.ts';
import { useShortcut } from '../shell/shortcuts.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Ago } from '../ui/time.tsx';
import { apart } from '../ui/apart.tsx';
import { tell } from '../ui/toast.tsx';
import { AskCosigner } from './ask-cosigner.tsx';
import { isText } from './body.ts';
import type { NoteDoc } from './note-doc.ts';
import type { NoteView } from './note-view.ts';
import { NoteStory } from './note-story.tsx';
import { openPrintout } from './printing.ts';
import { ReasonDialog } from './reason-dialog.tsx';
import { SavedWord } from './saved-word.tsx';
import { Sides } from './sides.tsx';
import { SignNote } from './sign-note.tsx';
import { isTheirs, nameOf, standingIn } from './story.ts';
import { isUnmade } from './unmade.ts';
import { tableOf } from '../table-of.ts';

const CompareNote = apart(async () => ({ default: (await import('./compare-note.tsx')).CompareNote }), null);

const STATE: Readonly<Record<string, { readonly label: string; readonly tone: Tone }>> = tableOf({
  open: { label: 'Open', tone: 'info' },
  locked: { label: 'Locked', tone: 'neutral' },
  signed: { label: 'Signed', tone: 'ok' },
  deleted: { label: 'Deleted', tone: 'danger' },
});

type Asking = 'lock' | 'sign' | 'unlock' | 'cosigner' | { readonly returning: string } | { readonly comparing: number };

export function NoteHead({
  doc,
  view,
  mayWrite,
  onAddendum,
}: {
  readonly doc: NoteDoc;
  readonly view: NoteView;
  readonly mayWrite: boolean;
  /** Somebody wants to add something below it. */
  readonly onAddendum: () => void;
}) {
  const { note, title, saving } = view;
  const { user, unlock, may } = useSession();
  const [, go] = useLocation();
  const [asking, setAsking] = useState<Asking | null>(null);
  const carryOut = useWrite((server, work: (server: Client) => Promise<unknown>) => work(server));
  const busy = carryOut.pending;
  const open = note.state === 'open';
  const unmade = isUnmade(note);
  const theirs = saving.fields.title?.theirs;
  const state = STATE[note.state];
  const move = (to: 'lock' | 'sign'): void => {
    setAsking(null);
    carryOut.send(() => doc.transition(to));
  };
  const discard = useWrite(() => doc.discard(), {
    onDone: () => tell('Empty note and visit deleted.'),
    onHere: () => go(`/patients/${note.patient}`),
  });
  const printOut = useWrite(async () => {
    await doc.whenSaved();
    openPrintout('notes', note.id);
  });
  const print = (): void => {
    if (unmade) tell('Nothing is written in this note yet, so there is nothing to print.');
    else printOut.send();
  };
  useShortcut({ keys: 'mod+p', label: 'Print the note', group: 'Note', whileTyping: true }, print);
  const signed = standingIn(note);
  const isMine = signed.some(({ by }) => by.type === 'user' && by.id === user.id);
  const asked = note.cosignatureRequests.find(
    ({ state, of }) => state === 'requested' && user.practitioner !== null && of.practitioner === user.practitioner,
  );
  const mayUnlock = mayWrite && (unlock || isTheirs(note, user.id));
  const done = note.state === 'locked' || note.state === 'signed';
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
        {open && (unmade ? <Unwritten doc={doc} view={view} /> : <AllSaved doc={doc} view={view} />)}
        {isEmpty(view) && !unmade && may('Note', 'd') && (
          <Button size="sm" look="danger" icon={Trash2} busy={busy || discard.pending} onClick={() => discard.send()}>
            Delete
          </Button>
        )}
        {!unmade && <IconButton size="sm" icon={Printer} label="Print" hint={<Kbd keys="mod+p" />} onClick={print} />}
        {mayWrite && open && !unmade && (
          <>
            <Button size="sm" icon={Lock} busy={busy} onClick={() => setAsking('lock')}>
              Lock
            </Button>
            <Button size="sm" look="primary" icon={Signature} busy={busy} onClick={() => setAsking('sign')}>
              Sign
            </Button>
          </>
        )}
        {mayUnlock && done && (
          <Button size="sm" icon={LockOpen} busy={busy} onClick={() => setAsking('unlock')}>
            Unlock
          </Button>
        )}
        {mayWrite && done && (
          <Button size="sm" icon={TextQuote} busy={busy} onClick={onAddendum}>
            Add addendum
          </Button>
        )}
        {mayWrite && isMine && (
          <Button size="sm" icon={UserRoundPen} busy={busy} onClick={() => setAsking('cosigner')}>
            Ask for co-signature
          </Button>
        )}
        {mayWrite && (note.state === 'locked' || (note.state === 'signed' && !isMine && !asked)) && (
          <Button
            size="sm"
            look={note.state === 'locked' ? 'primary' : 'secondary'}
            icon={Signature}
            busy={busy}
            onClick={() => move('sign')}
          >
            {note.state === 'locked' ? 'Sign' : 'Co-sign'}
          </Button>
        )}
      </div>
      <p className="text-ink-3 text-xs">
        {note.author.display ?? note.author.id} · begun <Ago time={note.createdAt} />
        {doc.mergedFrom && (
          <span className="text-ink-2">
            {' '}
            · Written in the chart of{' '}
            <Link href={`/patients/${doc.mergedFrom.id}`} className="underline">
              {nameApart(doc.mergedFrom.name ?? 'another patient', doc.mergedFrom.number)}
            </Link>
            , which was merged into this one
          </span>
        )}
        {done && (
          <span className="text-ink-2">
            {' '}
            · Nothing in it can be changed.{' '}
            {mayUnlock ? 'Unlock it to make changes, or add an addendum.' : 'Add an addendum for anything missing.'}
          </span>
        )}
        {note.state === 'deleted' && <span className="text-ink-2"> · It’s deleted.</span>}
      </p>
      {asked && mayWrite && (
        <div
          role="status"
          className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1.5 rounded-md bg-info-soft px-3 py-2 text-sm"
        >
          <p className="min-w-0 flex-1">
            <span className="font-medium">{nameOf(asked.by)} asks you to co-sign this note.</span>
            {asked.message && <span className="block text-ink-2">“{asked.message}”</span>}
            {open && (
              <span className="block text-ink-2">It is unlocked now; you can sign once it is signed again.</span>
            )}
          </p>
          <Button size="sm" icon={Undo2} busy={busy} onClick={() => setAsking({ returning: asked.id })}>
            Return …
          </Button>
          <Button
            size="sm"
            look="primary"
            icon={Signature}
            busy={busy}
            disabled={note.state !== 'signed'}
            onClick={() => carryOut.send(() => doc.cosign(asked.id))}
          >
            Co-sign
          </Button>
        </div>
      )}
      <NoteStory
        note={note}
        mayWrite={mayWrite}
        onCompare={(comparing) => setAsking({ comparing })}
        onWithdraw={(id) =>
          carryOut.send((server) =>
            doc.annotate((note) =>
              server.notes.cosignatureRequests.withdraw({ params: { id: note, request: id }, body: {} }),
            ),
          )
        }
      />
      {theirs && <Sides field={null} theirs={theirs.value} onChoose={doc.chooseTitle} />}
      <SignNote
        ending={asking === 'lock' || asking === 'sign' ? asking : null}
        view={view}
        onClose={() => setAsking(null)}
        onGo={move}
      />
      {asking === 'unlock' && (
        <ReasonDialog
          title="Unlock this note?"
          about={
            note.state === 'signed'
              ? 'It’s open again, and changes in it aren’t signed. The signed version is kept, with who signed it.'
              : 'It’s open again until someone locks or signs it.'
          }
          hint="It’s kept with the note, with your name and the time, for everyone who reads it."
          verb="Unlock"
          onClose={() => setAsking(null)}
          onDo={(_server, reason) => doc.transition('unlock', { reason })}
        />
      )}
      {asking === 'cosigner' && (
        <AskCosigner
          doc={doc}
          taken={[
            ...signed.flatMap(({ by }) => by.practitioner ?? []),
            ...note.cosignatureRequests.flatMap(({ state, of }) => (state === 'requested' ? of.practitioner : [])),
          ]}
          onClose={() => setAsking(null)}
        />
      )}
      {asking !== null && typeof asking === 'object' && 'returning' in asking && (
        <ReasonDialog
          title="Return this note without your signature?"
          about="The person who asked sees it on their list, with your reason."
          hint="Say what should be changed first."
          verb="Return note"
          onClose={() => setAsking(null)}
          onDo={(server, reason) =>
            doc.annotate((note) =>
              server.notes.cosignatureRequests.return({
                params: { id: note, request: asking.returning },
                body: { reason },
              }),
            )
          }
        />
      )}
      {asking !== null && typeof asking === 'object' && 'comparing' in asking && (
        <CompareNote doc={doc} version={asking.comparing} onClose={() => setAsking(null)} />
      )}
    </header>
  );
}

/** Nothing was written in it, and nobody ever stood for it. */
function isEmpty({ note, lines, commands }: NoteView): boolean {
  const written = lines.some((line) => !isText(line) || line.text.trim() !== '');
  return note.state === 'open' && !written && commands.size === 0 && [note.signatures, note.addenda].every(isNone);
}

function isNone(list: readonly unknown[]): boolean {
  return list.length === 0;
}

/** Of one that is made with the first thing that is written in it. */
function Unwritten({ doc, view }: { readonly doc: NoteDoc; readonly view: NoteView }) {
  if (doc.standing !== 'saved') return <AllSaved doc={doc} view={view} />;
  return <span className="text-ink-3 text-xs">Empty: not saved until you write</span>;
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
