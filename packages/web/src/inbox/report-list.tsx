// Results by patient, those with abnormal values marked.

import { shortName } from '@chartwire/sdk/internal/records/result-text';
import type { ReportShape } from '@chartwire/client/internal/contract/reports';
import { Badge } from '../ui/badge.tsx';
import { classes } from '../ui/classes.ts';
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

/** Of a report that says something else than it said, or is not all of it yet. */
const CHANGED = ['amended', 'corrected', 'appended', 'preliminary', 'partial', 'cancelled'];

/** How many of its values stand out; critical ones by themselves, so that they can't be taken for the usual. */
export function Abnormal({ abnormal, critical }: Pick<ReportShape, 'abnormal' | 'critical'>) {
  const others = (abnormal ?? 0) - (critical ?? 0);
  return (
    <>
      {critical !== null && critical > 0 && (
        <Badge tone="danger" className="font-semibold">
          {critical} critical
        </Badge>
      )}
      {others > 0 && <Badge tone="danger">{others} abnormal</Badge>}
    </>
  );
}

function ReportRow({
  item: { title, value, status, patient, at, changedAt, abnormal, critical, review, earlier },
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
          {value && <span className="font-medium text-ink"> {value.text}</span>}
        </p>
        {value?.flag ? (
          <Badge tone="danger" className={classes((critical ?? 0) > 0 && 'font-semibold')}>
            {value.flag}
          </Badge>
        ) : (
          <Abnormal abnormal={abnormal} critical={critical} />
        )}
        {review && <Badge tone="ok">reviewed</Badge>}
      </div>
      {(CHANGED.includes(status) || (!review && earlier.length > 0)) && (
        <div className="mt-0.5 flex gap-1.5">
          {CHANGED.includes(status) && <Badge tone="warn">{status}</Badge>}
          {!review && earlier.length > 0 && <Badge tone="warn">changed since review</Badge>}
        </div>
      )}
    </ListRow>
  );
}
