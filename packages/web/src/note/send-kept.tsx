// Sends what was kept, and says what did not arrive: which note has to be looked at, and the very words of what was written
// in something that is no more. Those are let go only once they were read.

import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { nameText } from '@chartwire/sdk/internal/commands/words';
import { useSession } from '../api/session.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Facts } from '../ui/page.tsx';
import { tell } from '../ui/toast.tsx';
import { Exact, numberText } from './exact.ts';
import { journalPage } from './journal.ts';
import { type Remainder, sendKept } from './kept.ts';
import { useKindMap } from './kinds.ts';
import { keptFields } from './typed.ts';

/** Sends at each new `turn`. */
export default function SendKept({ turn }: { readonly turn: number }) {
  const { user } = useSession();
  const kinds = useKindMap().data;
  const [left, setLeft] = useState<Pick<Remainder, 'stuck' | 'gone'> | null>(null);
  const sending = useRef(false);
  const told = useRef(new Set<string>());
  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn sends again
  useEffect(() => {
    if (!kinds || sending.current) return;
    sending.current = true;
    void sendKept(user.id, kinds)
      .then(({ stuck, gone, sent }) => {
        if (sent) tell('Your unsent work is saved now.');
        const news = stuck.filter(({ note }) => !told.current.has(note));
        for (const { note } of news) told.current.add(note);
        if (news.length > 0 || gone.length > 0) setLeft({ stuck: news, gone });
      })
      .finally(() => {
        sending.current = false;
      });
  }, [turn, user.id, kinds]);
  if (!left) return null;
  const onRead = (): void => {
    for (const reference of left.gone) journalPage(user.id, reference).remove();
    setLeft(null);
  };
  return (
    <Dialog
      open
      onClose={onRead}
      title="Some of what you wrote isn’t saved"
      footer={
        <Button look="primary" onClick={onRead}>
          Close
        </Button>
      }
    >
      <div className="flex flex-col gap-3 text-sm">
        {left.stuck.map(({ note, patient }) => (
          <p key={note}>
            The server refused part of what you wrote. It’s kept, and marked in its note:{' '}
            <Link
              href={`/patients/${patient}/notes/${note}`}
              onClick={onRead}
              className="font-medium text-accent-text underline"
            >
              open the note
            </Link>
            .
          </p>
        ))}
        {left.gone.map((reference) => (
          <Gone key={reference} text={journalPage(user.id, reference).read()} />
        ))}
      </div>
    </Dialog>
  );
}

/** What was written there, to be copied while it is still here. */
function Gone({ text }: { readonly text: string | null }) {
  const facts = Object.entries(text ? keptFields(text) : {}).map(
    ([name, value]) => [nameText(name), wordsOf(value)] as const,
  );
  return (
    <div>
      <p className="mb-1.5">
        This was written in a note or command that has since been deleted. Copy what you still need: it’s gone once you
        close this.
      </p>
      <div className="whitespace-pre-wrap rounded-md bg-sunken px-3 py-2">
        <Facts facts={facts} />
      </div>
    </div>
  );
}

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsOf).filter(Boolean).join('\n');
  if (typeof value !== 'object' || value === null || value instanceof Exact) return numberText(value);
  const { text, display } = value as { readonly text?: string; readonly display?: string };
  return text ?? display ?? '';
}
