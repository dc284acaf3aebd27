// What was added below a note after it was locked or signed, each by itself with its author and time; and where one more
// is written.

import { Ellipsis, FileX2, TextQuote } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { isSame } from '@chartwire/sdk/internal/records/signatures';
import type { NoteShape } from '@chartwire/client/internal/contract/note';
import { useRepeatKey } from '../api/idempotency-key.ts';
import { useSession } from '../api/session.tsx';
import { useWrite } from '../api/write.ts';
import { Badge } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Field, TextArea } from '../ui/field.tsx';
import { Menu } from '../ui/menu.tsx';
import { Failed } from '../ui/states.tsx';
import { clockText, dayText, exactText } from '../ui/time.tsx';
import { tell } from '../ui/toast.tsx';
import type { NoteDoc } from './note-doc.ts';
import { ReasonDialog } from './reason-dialog.tsx';
import { nameOf } from './story.ts';

type Addendum = NoteShape['addenda'][number];

export function Addenda({
  doc,
  note,
  mayWrite,
  writing,
  onDone,
}: {
  readonly doc: NoteDoc;
  readonly note: NoteShape;
  readonly mayWrite: boolean;
  /** One is being written. */
  readonly writing: boolean;
  readonly onDone: () => void;
}) {
  const { addenda } = note;
  if (addenda.length === 0 && !writing) return null;
  return (
    <section aria-label="Addenda" className="mt-4 border-line border-t pt-3">
      <h3 className="mb-2 flex items-center gap-1.5 px-3 font-semibold text-ink-2 text-xs">
        <TextQuote aria-hidden className="size-3.5" />
        Addenda
      </h3>
      <ol className="flex flex-col gap-2 px-3">
        {addenda.map((addendum) => (
          <One key={addendum.id} doc={doc} addendum={addendum} mayWrite={mayWrite} />
        ))}
      </ol>
      {writing && <Composer doc={doc} onDone={onDone} />}
    </section>
  );
}

function One({
  doc,
  addendum: { id, by, at, text, enteredInError },
  mayWrite,
}: {
  readonly doc: NoteDoc;
  readonly addendum: Addendum;
  readonly mayWrite: boolean;
}) {
  const { user, unlock } = useSession();
  const [erring, setErring] = useState(false);
  const mine = isSame(by, { type: 'user', id: user.id });
  return (
    <li className="rounded-md border border-line border-l-2 border-l-accent bg-surface px-3 py-2 text-sm">
      <div className="flex min-h-6 items-center gap-2 text-xs">
        <span className="font-medium">{nameOf(by)}</span>
        <time dateTime={at} title={exactText(at)} className="text-ink-3 tabular">
          {dayText(at)}, {clockText(at)}
        </time>
        {enteredInError && <Badge tone="danger">Entered in error</Badge>}
        <span className="flex-1" />
        {mayWrite && !enteredInError && (mine || unlock) && (
          <Menu items={[{ label: 'Enter in error …', icon: FileX2, danger: true, onSelect: () => setErring(true) }]}>
            <IconButton icon={Ellipsis} size="sm" label={`More for the addendum of ${nameOf(by)}`} />
          </Menu>
        )}
      </div>
      <p className={classes('mt-0.5 whitespace-pre-wrap leading-snug', enteredInError && 'text-ink-3 line-through')}>
        {text}
      </p>
      {enteredInError && (
        <p className="mt-1 text-ink-2 text-xs">
          “{enteredInError.reason}” <span className="text-ink-3">{nameOf(enteredInError.by)}, </span>
          <time dateTime={enteredInError.at} title={exactText(enteredInError.at)} className="text-ink-3 tabular">
            {dayText(enteredInError.at)}
          </time>
        </p>
      )}
      {erring && (
        <ReasonDialog
          title="Enter this addendum in error?"
          about="It stays below the note, struck through. This can’t be undone."
          hint="It is shown with the addendum."
          verb="Enter in error"
          danger
          onClose={() => setErring(false)}
          onDo={(server, reason) =>
            doc.annotate((note) =>
              server.notes.addenda.enterInError({ params: { id: note, addendum: id }, body: { reason } }),
            )
          }
        />
      )}
    </li>
  );
}

function Composer({ doc, onDone }: { readonly doc: NoteDoc; readonly onDone: () => void }) {
  const [text, setText] = useState('');
  const repeat = useRepeatKey();
  const sign = useWrite(
    (server, said: string) =>
      doc.annotate((note) =>
        server.notes.addenda.create({
          params: { id: note },
          body: { text: said },
          idempotencyKey: repeat.of({ note, said }),
        }),
      ),
    {
      shown: 'here',
      onDone: () => tell('The addendum is signed with your name.'),
      onHere: onDone,
      onRefused: ({ passing }) => passing || repeat.spend(),
    },
  );
  const area = useRef<HTMLDivElement>(null);
  useEffect(() => {
    area.current?.scrollIntoView({ block: 'nearest' });
    area.current?.querySelector('textarea')?.focus();
  }, []);
  const add = (): void => {
    if (text.trim() !== '') sign.send(text.trim());
  };
  return (
    <div ref={area} className="mt-2 px-3">
      <Field label="Your addendum" hint="It is signed with your name, and nobody can edit it afterwards.">
        {(tied) => (
          <TextArea
            {...tied}
            rows={3}
            value={text}
            maxLength={20_000}
            onChange={({ target }) => setText(target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape' && text.trim() === '') onDone();
              if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
              event.preventDefault();
              event.stopPropagation();
              add();
            }}
          />
        )}
      </Field>
      {sign.problem && (
        <div className="mt-2">
          <Failed problem={sign.problem} />
        </div>
      )}
      <div className="mt-2 flex justify-end gap-2">
        <Button size="sm" onClick={onDone}>
          Cancel
        </Button>
        <Button size="sm" look="primary" busy={sign.pending} disabled={text.trim() === ''} onClick={add}>
          Sign addendum
        </Button>
      </div>
    </div>
  );
}
