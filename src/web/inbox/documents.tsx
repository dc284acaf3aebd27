// The documents that wait: the list at the left, the chosen one beside the form that files it.

import { FileInput } from 'lucide-react';
import { useEffect } from 'react';
import { useLocation, useParams } from 'wouter';
import type { InboxItem } from '#server/api/inbox.ts';
import { usePages } from '../api/queries.ts';
import { useShortcut } from '../shell/shortcuts.tsx';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Kbd } from '../ui/kbd.tsx';
import { Empty, Loaded, Skeleton } from '../ui/states.tsx';
import { tell } from '../ui/toast.tsx';
import { DocumentList } from './document-list.tsx';
import { DocumentPane } from './document-pane.tsx';
import { INBOX } from './filing-form.tsx';

export function Documents() {
  const { id } = useParams<{ id?: string }>();
  const [, go] = useLocation();
  const documents = usePages<InboxItem>(INBOX, { limit: 100 }, { hears: { types: ['DocumentReference'] } });
  const open = (next: string | undefined): void => go(next ? `/inbox/${next}` : '/inbox');
  useShortcut({ keys: 'escape', label: 'Back to the list', group: 'Inbox' }, () => open(undefined), id !== undefined);
  return (
    <Loaded from={documents} skeleton={<Skeleton lines={8} />}>
      {(items) => {
        const chosen = items.find((item) => item.id === id);
        // Whoever has done one goes on with the next.
        const goOn = (): void => {
          const at = items.findIndex((item) => item.id === id);
          const next = items[at + 1] ?? items[at - 1];
          open(next?.id);
          void documents.refetch();
        };
        if (items.length === 0 && id === undefined) return <NothingWaits />;
        return (
          <div className="flex h-full min-h-0">
            <div
              className={classes(
                'flex w-full min-w-0 flex-col overflow-y-auto border-line xl:w-72 xl:shrink-0 xl:border-r',
                id && 'hidden xl:flex',
              )}
            >
              <DocumentList items={items} chosen={id} onOpen={open} />
              {documents.hasNextPage && (
                <div className="p-3 text-center">
                  <Button busy={documents.isFetchingNextPage} onClick={() => void documents.fetchNextPage()}>
                    More
                  </Button>
                </div>
              )}
            </div>
            <div className={classes('min-w-0 flex-1', !id && 'hidden xl:block')}>
              {chosen ? (
                <DocumentPane
                  key={chosen.id}
                  document={chosen}
                  onBack={() => open(undefined)}
                  onFiled={({ patient, text }) => {
                    tell('Filed.', {
                      about: text,
                      action: { label: 'Open the chart', run: () => go(`/patients/${patient}`) },
                    });
                    goOn();
                  }}
                  onDiscarded={goOn}
                />
              ) : (
                <NotChosen gone={id !== undefined} onBack={() => open(undefined)} />
              )}
            </div>
          </div>
        );
      }}
    </Loaded>
  );
}

function NotChosen({ gone, onBack }: { readonly gone: boolean; readonly onBack: () => void }) {
  useEffect(() => {
    // Where nothing else has the focus, the keys of the list work at once.
    if (!gone && document.activeElement === document.body) document.querySelector<HTMLElement>('[data-row]')?.focus();
  }, [gone]);
  return gone ? (
    <Empty icon={FileInput} title="This document waits no more." action={<Button onClick={onBack}>To the list</Button>}>
      Somebody filed or discarded it. What was filed is in the patient’s chart.
    </Empty>
  ) : (
    <Empty icon={FileInput} title="Choose a document">
      Arrow keys go through them, Enter opens one.
    </Empty>
  );
}

function NothingWaits() {
  return (
    <Empty icon={FileInput} title="Nothing waits to be filed.">
      Drop a PDF or a picture here, or upload one with <Kbd keys="u" />. Say whose it is, and file it as a report with
      its values: plugins hear of it like of any other result.
    </Empty>
  );
}
