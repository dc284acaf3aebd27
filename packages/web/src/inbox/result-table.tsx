// The values of a report, or of an Observation by itself: each with its range, its flag, the value before it, and where it tends.

import type { DiagnosticReport, Observation } from '@medplum/fhirtypes';
import { useMemo } from 'react';
import type { Finding } from '@chartwire/sdk/internal/records/findings';
import { normalText, resultName, resultText, resultUnit, shortName } from '@chartwire/sdk/internal/records/result-text';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { Value } from '../chart/labs.tsx';
import { codeOf, whenOf } from '../chart/readings.ts';
import { trendOf, valuesIn } from '../chart/results.ts';
import { Sparkline } from '../chart/sparkline.tsx';
import { Loaded } from '../ui/states.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { dayText } from '../ui/time.tsx';

interface Row extends Finding {
  /** As short as tells it from the others. */
  readonly name: string;
  /** Of the same code, oldest first, up to this one. */
  readonly earlier: readonly Observation[];
}

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'test',
    label: 'Test',
    cell: ({ observation, name }) => <span title={resultName(observation)}>{name}</span>,
  },
  {
    key: 'value',
    label: 'Value',
    align: 'right',
    width: '10rem',
    cell: ({ observation }) => <Value observation={observation} latest />,
  },
  {
    key: 'unit',
    label: 'Unit',
    width: '4.75rem',
    cell: ({ observation }) => <span className="text-ink-3">{resultUnit(observation)}</span>,
  },
  {
    key: 'range',
    label: 'Reference range',
    width: '6rem',
    cell: ({ observation }) => <span className="text-ink-3 tabular">{normalText(observation)}</span>,
  },
  { key: 'before', label: 'Previous', width: '8.5rem', cell: ({ earlier }) => <Before observation={earlier.at(-1)} /> },
  {
    key: 'trend',
    label: 'Trend',
    silent: true,
    width: '5rem',
    cell: ({ observation, earlier }) => <Sparkline values={trendOf([observation, ...earlier.toReversed()])} />,
  },
];

const RESULTS = { DiagnosticReport: api.reports.results, Observation: api.reports.resultsOfObservation };

export function ResultTable({
  of: { resourceType, id = '' },
  patient,
}: {
  readonly of: DiagnosticReport | Observation;
  readonly patient: string;
}) {
  const hears = { types: ['Observation', 'DiagnosticReport'], patient };
  const results = useApi(RESULTS[resourceType], { params: { id } }, { hears });
  const chart = useApi(
    api.charts.get,
    { params: { patient }, query: { types: 'DiagnosticReport,Observation' } },
    { hears },
  );
  const all = useMemo(() => (chart.data ? valuesIn(chart.data) : []), [chart.data]);
  return (
    <Loaded from={results}>
      {({ items, missing }) => (
        <>
          {items.length > 0 && (
            <div className="overflow-x-auto rounded-lg border border-line">
              <Table label="Values" columns={COLUMNS} rows={rowsOf(items, all)} keyOf={({ key }) => key} />
            </div>
          )}
          {missing > 0 && (
            <p className="text-sm text-warn-text">
              {missing === 1 ? 'One result is' : `${missing} results are`} not shown: not in the chart, or not for your
              roles to read.
            </p>
          )}
        </>
      )}
    </Loaded>
  );
}

function rowsOf(results: readonly Finding[], all: readonly Finding[]): readonly Row[] {
  const short = results.map(({ observation }) => shortName(resultName(observation)));
  return results.map((finding, index) => {
    const alone = short.filter((other) => other === short[index]).length === 1;
    const name = (alone ? short[index] : resultName(finding.observation)) || 'Unnamed result';
    return { ...finding, name, earlier: earlierOf(finding, all) };
  });
}

/** @param all newest first */
function earlierOf({ key, observation }: Finding, all: readonly Finding[]): readonly Observation[] {
  const [code, at] = [codeOf(observation), whenOf(observation) ?? ''];
  return all
    .filter((one) => one.key !== key && codeOf(one.observation) === code && (whenOf(one.observation) ?? '') < at)
    .map((one) => one.observation)
    .reverse();
}

function Before({ observation }: { readonly observation: Observation | undefined }) {
  if (!observation) return <span className="text-ink-3">–</span>;
  return (
    <span className="whitespace-nowrap tabular">
      {resultText(observation)} <span className="text-ink-3 text-xs">{dayText(whenOf(observation))}</span>
    </span>
  );
}
