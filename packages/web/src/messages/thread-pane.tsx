// What one patient and the practice wrote to each other, the last at the bottom, and where the next is written.

import { FolderOpen, Send } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { api } from '../api/client.ts';
import { useRepeatKey } from '../api/idempotency-key.ts';
import { usePages, useRecord } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { useWrite } from '../api/write.ts';
import { nameText } from '../fhir/words.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Entry } from '../ui/entry.tsx';
import { TextArea } from '../ui/field.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { usePageTitle } from '../ui/page.tsx';
import { Failed, Loaded } from '../ui/states.tsx';
import { Ago } from '../ui/time.tsx';
import type { Message } from './shapes.ts';

export function ThreadPane({ patient }: { readonly patient: string }) {
  const { may } = useSession();
  const who = useRecord('Patient', patient);
  const messages = usePages(
    api.messages.list,
    { params: { patient }, query: { limit: 50 } },
    { hears: { types: ['Communication'], patient } },
  );
  const name = who.data ? nameText(who.data.name) : 'Messages';
  usePageTitle(name);
  useRead(patient, messages.data, may('Communication', 'u'));
  const end = useRef<HTMLDivElement>(null);
  const last = messages.data?.[0]?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the last one is what one wants to see
  useEffect(() => {
    // Newer browsers answer with a promise, which is no clean-up.
    void end.current?.scrollIntoView({ block: 'end' });
  }, [last]);
  return (
    <section aria-label={`Messages with ${name}`} className="flex h-full min-h-0 flex-col">
      <header className="flex min-h-12 items-center gap-3 border-line border-b bg-surface px-5">
        <h2 className="min-w-0 flex-1 truncate font-semibold text-base">{name}</h2>
        <Link
          href={`/patients/${patient}`}
          className="inline-flex h-8 items-center gap-1.5 rounded-md px-2 font-medium text-accent-text text-sm hover:bg-hover"
        >
          <FolderOpen aria-hidden className="size-4" />
          Chart
        </Link>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <div tabIndex={0} role="log" aria-label="Messages" className="min-h-0 flex-1 overflow-y-auto px-5 py-4">
        <Loaded from={messages}>
          {(items) => (
            <>
              {messages.hasNextPage && (
                <div className="pb-3 text-center">
                  <Button size="sm" busy={messages.isFetchingNextPage} onClick={() => void messages.fetchNextPage()}>
                    Earlier ones
                  </Button>
                </div>
              )}
              {items.length === 0 && <p className="text-center text-ink-3 text-sm">No messages yet.</p>}
              <ol className="mx-auto flex max-w-2xl flex-col gap-3">
                {[...items].reverse().map((message) => (
                  <Entry key={message.id} of={message} type="Communication">
                    {() => <Said message={message} />}
                  </Entry>
                ))}
              </ol>
            </>
          )}
        </Loaded>
        <div ref={end} />
      </div>
      {may('Communication', 'c') && <Compose key={patient} patient={patient} />}
    </section>
  );
}

function Said({ message: { fromPatient, author, at, text, topic } }: { readonly message: Message }) {
  return (
    <li className={classes('flex max-w-[85%] flex-col gap-0.5', fromPatient ? 'items-start' : 'items-end self-end')}>
      <p className="text-ink-3 text-xs">
        {author ?? (fromPatient ? 'The patient' : 'The practice')} · <Ago time={at} />
      </p>
      <div
        className={classes(
          'whitespace-pre-wrap break-words rounded-lg px-3 py-2 text-sm',
          fromPatient ? 'border border-line bg-surface' : 'bg-accent-soft',
        )}
      >
        {topic && <p className="font-medium">{topic}</p>}
        {text}
      </div>
    </li>
  );
}

/** Whoever has the thread open has read it. */
function useRead(patient: string, messages: readonly Message[] | undefined, mayMark: boolean): void {
  const { send } = useWrite((server, of: string) => server.messages.read({ params: { patient: of } }), {
    about: (of) => of,
    changes: [api.messages.threads.path()],
  });
  const unread = messages?.some(({ fromPatient, read }) => fromPatient && read === null) ?? false;
  useEffect(() => {
    if (unread && mayMark) send(patient);
  }, [unread, mayMark, patient, send]);
}

function Compose({ patient }: { readonly patient: string }) {
  const [text, setText] = useState('');
  const repeat = useRepeatKey();
  const write = useWrite(
    (server, said: string) => {
      const body = { patient, text: said };
      return server.messages.send({ idempotencyKey: repeat.of(body), body });
    },
    {
      shown: 'here',
      changes: [api.messages.threads.path()],
      onDone: (_, said) => {
        repeat.spend();
        // What was typed meanwhile stays.
        setText((now) => (now.trim() === said ? '' : now));
      },
      onRefused: ({ passing }) => passing || repeat.spend(),
    },
  );
  const send = (): void => {
    if (text.trim()) write.send(text.trim());
  };
  return (
    <div className="flex flex-col gap-2 border-line border-t bg-surface px-5 py-3">
      {write.problem && <Failed problem={write.problem} />}
      <div className="flex items-end gap-2">
        <TextArea
          aria-label="Message"
          placeholder="Write to the patient"
          value={text}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) send();
          }}
        />
        <Button look="primary" icon={Send} busy={write.pending} disabled={!text.trim()} onClick={send}>
          Send
          <span className="hidden lg:inline">
            <Kbd keys="mod+enter" />
          </span>
        </Button>
      </div>
    </div>
  );
}
