// The documents of the inbox, those that wait longest first.

import { FileImage, FileText } from 'lucide-react';
import type { InboxItem } from '@chartwire/client/internal/contract/inbox';
import { useRecord } from '../api/queries.ts';
import { nameText } from '../fhir/words.ts';
import { Badge } from '../ui/badge.tsx';
import { Entry } from '../ui/entry.tsx';
import { ListRow } from '../ui/list-row.tsx';
import { Ago } from '../ui/time.tsx';

export function DocumentList({
  items,
  chosen,
  onOpen,
}: {
  readonly items: readonly InboxItem[];
  readonly chosen: string | undefined;
  readonly onOpen: (id: string) => void;
}) {
  return (
    <ul aria-label="Documents">
      {items.map((item) => (
        <Entry key={item.id} of={item} type="DocumentReference">
          {() => <DocumentRow item={item} chosen={item.id === chosen} onOpen={() => onOpen(item.id)} />}
        </Entry>
      ))}
    </ul>
  );
}

function DocumentRow({
  item: { title, contentType, patient, receivedAt },
  chosen,
  onOpen,
}: {
  readonly item: InboxItem;
  readonly chosen: boolean;
  readonly onOpen: () => void;
}) {
  const Icon = contentType === 'application/pdf' ? FileText : FileImage;
  return (
    <ListRow chosen={chosen} onOpen={onOpen}>
      <div className="flex items-start gap-2.5">
        <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" />
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium text-sm" title={title}>
            {title}
          </p>
          <p className="flex min-h-5 items-center gap-2 text-ink-3 text-xs">
            <span className="min-w-0 flex-1 truncate">
              {patient ? <NameOf patient={patient} /> : <Badge tone="warn">whose?</Badge>}
            </span>
            <Ago time={receivedAt} />
          </p>
        </div>
      </div>
    </ListRow>
  );
}

function NameOf({ patient }: { readonly patient: string }) {
  const { data } = useRecord('Patient', patient);
  return data ? nameText(data.name) : '…';
}
