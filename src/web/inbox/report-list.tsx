// Results by patient, those with abnormal values marked.

import type { ReportShape } from '#server/api/reports.ts';
import { shortName } from '../chart/results.ts';
import { Badge } from '../ui/badge.tsx';
import { Entry } from '../ui/entry.tsx';
import { ListRow } from '../ui/list-row.tsx';
import { Day } from '../ui/time.tsx';

/** `DiagnosticReport/1`. */
export const referenceOf = ({ type, id }: Pick<ReportShape, 'type' | 'id'>): string => `${type}/${id}`;

export function ReportList({
  items,
  chosen,
  onOpen,
}: {
  readonly items: readonly ReportShape[];
  readonly chosen: string | null;
  readonly onOpen: (reference: string) => void;
}) {
  return (
    <ul aria-label="Results">
      {items.map((item) => (
        <Entry key={referenceOf(item)} of={item}>
          {() => (
            <ReportRow item={item} chosen={referenceOf(item) === chosen} onOpen={() => onOpen(referenceOf(item))} />
          )}
        </Entry>
      ))}
    </ul>
  );
}

function ReportRow({
  item: { title, patient, at, changedAt, abnormal, review },
  chosen,
  onOpen,
}: {
  readonly item: ReportShape;
  readonly chosen: boolean;
  readonly onOpen: () => void;
}) {
  return (
    <ListRow chosen={chosen} onOpen={onOpen}>
      <div className="flex items-baseline gap-2">
        <span className="min-w-0 flex-1 truncate font-medium text-sm">{patient.name ?? 'No name'}</span>
        <span className="shrink-0 text-ink-3 text-xs">
          <Day date={at ?? changedAt} />
        </span>
      </div>
      <div className="flex min-h-5 items-center gap-2">
        <p className="min-w-0 flex-1 truncate text-ink-2 text-sm" title={title}>
          {shortName(title)}
        </p>
        {abnormal !== null && abnormal > 0 && <Badge tone="danger">{abnormal} abnormal</Badge>}
        {review && <Badge tone="ok">reviewed</Badge>}
      </div>
    </ListRow>
  );
}
