// A note, open for writing: the heart of the chart. It is read once; from then on each change, of one's own, of others and
// of plugins, comes to the line it is about.

import { FileX } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';
import { useSession } from '../api/session.tsx';
import { Empty, Loaded, Skeleton } from '../ui/states.tsx';
import { Addenda } from './addenda.tsx';
import { Billing } from './billing.tsx';
import { type Kinds, useKindMap } from './kinds.ts';
import { NoteBody } from './note-body.tsx';
import type { NoteDoc } from './note-doc.ts';
import { NoteHead } from './note-head.tsx';
import { useNote } from './use-note.ts';

export function NotePane({ note, patient }: { readonly note: string; readonly patient: string }) {
  const { user, may } = useSession();
  const kinds = useKindMap();
  const mayDiscard = may('Note', 'd') && may('ChargeItem', 's');
  const opened = useNote(note, patient, user, kinds.data, mayDiscard);
  const skeleton = <Skeleton lines={8} />;
  return (
    <Loaded from={kinds} skeleton={skeleton}>
      {(all) => (
        <Loaded from={opened} skeleton={skeleton}>
          {(doc) => <Opened doc={doc} kinds={all} patient={patient} />}
        </Loaded>
      )}
    </Loaded>
  );
}

function Opened({ doc, kinds, patient }: { readonly doc: NoteDoc; readonly kinds: Kinds; readonly patient: string }) {
  const { may } = useSession();
  const view = useSyncExternalStore(doc.watch, () => doc.view);
  const [adding, setAdding] = useState(false);
  const { id, state, encounter } = view.note;
  const mayWrite = may('Note', 'u') && may('Command', 'u');
  if (view.note.patient !== patient) return <Elsewhere />;
  return (
    <section aria-label="Note" className="flex h-full min-h-0 flex-col">
      <NoteHead doc={doc} view={view} mayWrite={mayWrite} onAddendum={() => setAdding(true)} />
      <div className="min-h-0 flex-1 scroll-pb-4 overflow-y-auto px-2 py-3 sm:px-4">
        <NoteBody doc={doc} view={view} kinds={kinds} mayWrite={mayWrite} />
        <Addenda
          doc={doc}
          note={view.note}
          mayWrite={mayWrite}
          writing={adding && state !== 'open'}
          onDone={() => setAdding(false)}
        />
      </div>
      {encounter && may('ChargeItem', 's') && (
        <Billing
          note={id}
          patient={patient}
          encounter={encounter}
          locked={state !== 'open' || !may('ChargeItem', 'c')}
        />
      )}
    </section>
  );
}

/** A link with the ids of two charts. */
function Elsewhere() {
  return (
    <Empty icon={FileX} title="This note is in another patient’s chart.">
      Open it from the timeline of the chart it is in.
    </Empty>
  );
}
