// Results and documents that arrived in charts and nobody has looked at yet: the list at the left, one of them at the right.

import { CheckCheck } from 'lucide-react';
import { useSearchParams } from 'wouter';
import type { ReportShape } from '@chartwire/client/internal/contract/reports';
import { api } from '../api/client.ts';
import { usePages } from '../api/queries.ts';
import { useShortcut } from '../shell/shortcuts.tsx';
import { Badge } from '../ui/badge.tsx';
import { classes } from '../ui/classes.ts';
import { Select } from '../ui/field.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { More } from '../ui/more.tsx';
import { Empty, Loaded, Skeleton } from '../ui/states.tsx';
import { ReportList, referenceOf } from './report-list.tsx';
import { ReportPane } from './report-pane.tsx';
import { oneOf } from '../one-of.ts';

const STATES = ['unreviewed', 'reviewed', 'all'] as const;

function useReports(state: (typeof STATES)[number]) {
  return usePages(
    api.reports.list,
    { query: { state, limit: 100 } },
    // A value that changes changes how many of them are abnormal.
    { hears: { types: ['DiagnosticReport', 'DocumentReference', 'Observation', 'Patient'] } },
  );
}

/** How many wait for a review, and whether any of them is critical: told beside what is open, too. */
export function ReportCount() {
  const { data, hasNextPage } = useReports('unreviewed');
  if (!data || data.length === 0) return null;
  const critical = data.filter((one) => (one.critical ?? 0) > 0).length;
  const more = hasNextPage ? '+' : '';
  return (
    <>
      <Badge>{`${data.length}${more}`}</Badge>
      {critical > 0 && <Badge tone="danger">{`${critical}${more} critical`}</Badge>}
    </>
  );
}

export function Reports() {
  const [params, setParams] = useSearchParams();
  const state = oneOf(STATES, params.get('state')) ?? 'unreviewed';
  const chosen = params.get('report');
  const reports = useReports(state);
  const open = (report: string | null): void =>
    setParams(
      (before) => {
        if (report) before.set('report', report);
        else before.delete('report');
        return before;
      },
      { replace: true },
    );
  // What was open in one list need not be in another.
  const list = (state: string): void => setParams({ tab: 'results', state }, { replace: true });
  const back = (): void => open(null);
  useShortcut({ keys: 'escape', label: 'Back to the list', group: 'Results' }, back, chosen !== null);
  return (
    <div className="flex h-full min-h-0">
      <div
        className={classes(
          'flex w-full min-w-0 flex-col border-line lg:w-80 lg:shrink-0 lg:border-r',
          chosen && 'hidden lg:flex',
        )}
      >
        <div className="border-line border-b p-2">
          <Select aria-label="Which results" value={state} onChange={({ target }) => list(target.value)}>
            <option value="unreviewed">To review</option>
            <option value="reviewed">Reviewed</option>
            <option value="all">All</option>
          </Select>
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto">
          <Loaded from={reports} skeleton={<Skeleton lines={8} />}>
            {(items) =>
              items.length === 0 ? (
                <Empty
                  icon={CheckCheck}
                  title={state === 'unreviewed' ? 'All results are reviewed.' : 'No results yet.'}
                >
                  Reports appear here when they’re filed from the inbox or arrive through the FHIR API. So do abnormal
                  laboratory values that arrive without a report.
                </Empty>
              ) : (
                <>
                  <ReportList items={items} chosen={chosen} onOpen={open} />
                  <More of={reports} />
                </>
              )
            }
          </Loaded>
        </div>
      </div>
      <div className={classes('min-w-0 flex-1', !chosen && 'hidden lg:block')}>
        <Chosen items={reports.data} chosen={chosen} leaves={state === 'unreviewed'} onOpen={open} />
      </div>
    </div>
  );
}

function Chosen({
  items = [],
  chosen,
  leaves,
  onOpen,
}: {
  readonly items: readonly ReportShape[] | undefined;
  readonly chosen: string | null;
  /** What is reviewed is in this list no more. */
  readonly leaves: boolean;
  readonly onOpen: (reference: string | null) => void;
}) {
  const at = items.findIndex((item) => referenceOf(item) === chosen);
  const report = items[at];
  const next = items[at + 1] ?? items[at - 1];
  if (report)
    return (
      <ReportPane
        key={referenceOf(report)}
        report={report}
        onBack={() => onOpen(null)}
        onReviewed={() => leaves && onOpen(next ? referenceOf(next) : null)}
      />
    );
  return (
    <Empty icon={CheckCheck} title={chosen ? 'This result is no longer waiting for review.' : 'Choose a result'}>
      Use the arrow keys to move, and Enter to open one. <Kbd keys="r" /> marks it as reviewed and opens the next.
    </Empty>
  );
}
