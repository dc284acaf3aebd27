// The documents that wait: the list at the left, the chosen one beside the form that files it.

import type { UseQueryResult } from '@tanstack/react-query';
import { FileInput } from 'lucide-react';
import { useEffect } from 'react';
import { Link, useLocation, useParams } from 'wouter';
import type { InboxItem } from '@chartwire/client/internal/contract/inbox';
import type { Problem } from '@chartwire/client/internal/client/index';
import { api } from '../api/client.ts';
import { useApi, usePages } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { useShortcut } from '../shell/shortcuts.tsx';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Kbd } from '../ui/kbd.tsx';
import { More } from '../ui/more.tsx';
import { Empty, Loaded, Skeleton } from '../ui/states.tsx';
import { focusFirstRow } from '../ui/table.tsx';
import { DocumentList } from './document-list.tsx';
import { DocumentPane } from './document-pane.tsx';

const HEARS = { hears: { types: ['DocumentReference', 'Patient'] } };

export function Documents() {
  const { id } = useParams<{ id?: string }>();
  const [, go] = useLocation();
  const documents = usePages(api.inbox.list, { query: { limit: 500 } }, HEARS);
  const listed = documents.data?.find((item) => item.id === id);
  const unlisted = useApi(
    api.inbox.get,
    { params: { id: id ?? '' } },
    { ...HEARS, enabled: id !== undefined && documents.data !== undefined && !listed },
  );
  // One that has only just come is not in the list yet.
  const chosen = listed ?? (unlisted.data?.state === 'waiting' ? unlisted.data : undefined);
  const open = (next: string | undefined): void => go(next ? `/inbox/${next}` : '/inbox');
  useShortcut({ keys: 'escape', label: 'Back to the list', group: 'Inbox' }, () => open(undefined), id !== undefined);
  return (
    <Loaded from={documents} skeleton={<Skeleton lines={8} />}>
      {(unsorted) => {
        // By when they came: the server lists those that were touched last, as by saying whose they are, at the end.
        const items = unsorted.toSorted((one, other) => one.receivedAt.localeCompare(other.receivedAt));
        // Whoever has done one goes on with the next.
        const goOn = (): void => {
          const at = items.findIndex((item) => item.id === id);
          const next = items[at + 1] ?? items[at - 1];
          open(next?.id);
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
              <More of={documents} label="More" />
            </div>
            <div className={classes('min-w-0 flex-1', !id && 'hidden xl:block')}>
              {chosen ? (
                <DocumentPane
                  key={chosen.id}
                  document={chosen}
                  onBack={() => open(undefined)}
                  onFiled={goOn}
                  onDiscarded={goOn}
                />
              ) : (
                <NotChosen other={id === undefined ? undefined : unlisted} onBack={() => open(undefined)} />
              )}
            </div>
          </div>
        );
      }}
    </Loaded>
  );
}

/** None is chosen, or one that is not among those that wait. */
function NotChosen({
  other,
  onBack,
}: {
  readonly other: UseQueryResult<InboxItem, Problem> | undefined;
  readonly onBack: () => void;
}) {
  const none = other === undefined;
  useEffect(() => {
    // Where nothing else has the focus, the keys of the list work at once.
    if (none && document.activeElement === document.body) focusFirstRow();
  }, [none]);
  return other ? (
    <Loaded from={other}>{(one) => <WaitsNoMore document={one} onBack={onBack} />}</Loaded>
  ) : (
    <Empty icon={FileInput} title="Choose a document">
      Use the arrow keys to move, and Enter to open one.
    </Empty>
  );
}

function WaitsNoMore({ document, onBack }: { readonly document: InboxItem; readonly onBack: () => void }) {
  const { title, state, patient } = document;
  return (
    <Empty
      icon={FileInput}
      title="This document is no longer in the inbox."
      action={
        <>
          <Button onClick={onBack}>Back to the list</Button>
          {state === 'filed' && patient && (
            <Link href={`/patients/${patient}`} className="ml-2 text-accent-text text-sm hover:underline">
              Open the chart
            </Link>
          )}
        </>
      }
    >
      {state === 'filed'
        ? `“${title}” was filed in the patient’s chart.`
        : `“${title}” was discarded. It isn’t in any chart.`}
    </Empty>
  );
}

function NothingWaits() {
  const { may } = useSession();
  return (
    <Empty icon={FileInput} title="No documents to file.">
      {may('DocumentReference', 'c') ? (
        <>
          Drop a PDF or a picture here, or upload one with <Kbd keys="u" />. Choose the patient, and file it as a report
          with its values. Plugins receive it like any other result.
        </>
      ) : (
        'Scanned and faxed documents wait here until someone matches them to a patient and files them.'
      )}
    </Empty>
  );
}
