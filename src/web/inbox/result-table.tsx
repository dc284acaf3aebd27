// The values of a report: each with its range, its flag, the value before it, and where it tends.

import type { DiagnosticReport, Observation } from '@medplum/fhirtypes';
import { useApi, useRecords } from '../api/queries.ts';
import type { Chart } from '../chart/chart-data.ts';
import { Value } from '../chart/labs.tsx';
import { codeOf, unitOf, whenOf } from '../chart/readings.ts';
import { rangeOf, resultText, shortName } from '../chart/results.ts';
import { Sparkline } from '../chart/sparkline.tsx';
import { conceptText, idOf } from '../fhir/words.ts';
import { Loaded } from '../ui/states.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { dayText } from '../ui/time.tsx';

interface Row {
  readonly observation: Observation;
  /** As short as tells it from the others. */
  readonly name: string;
  /** Of the same code, oldest first, up to this one. */
  readonly earlier: readonly Observation[];
}

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'test',
    label: 'Test',
    cell: ({ observation, name }) => <span title={conceptText(observation.code)}>{name}</span>,
  },
  {
    key: 'value',
    label: 'Value',
    align: 'right',
    width: '7.5rem',
    cell: ({ observation }) => <Value observation={observation} latest />,
  },
  {
    key: 'unit',
    label: 'Unit',
    width: '4.75rem',
    cell: ({ observation: { valueQuantity } }) => (
      <span className="text-ink-3">{valueQuantity && unitOf(valueQuantity)}</span>
    ),
  },
  {
    key: 'range',
    label: 'Range',
    width: '6rem',
    cell: ({ observation }) => <span className="text-ink-3 tabular">{rangeOf(observation)}</span>,
  },
  { key: 'before', label: 'Before', width: '8.5rem', cell: ({ earlier }) => <Before observation={earlier.at(-1)} /> },
  {
    key: 'trend',
    label: 'Trend',
    silent: true,
    width: '5rem',
    cell: ({ observation, earlier }) => (
      <Sparkline values={[...earlier, observation].flatMap(({ valueQuantity }) => valueQuantity?.value ?? [])} />
    ),
  },
];

export function ResultTable({ report, patient }: { readonly report: DiagnosticReport; readonly patient: string }) {
  const ids = (report.result ?? []).flatMap((one) => idOf(one) ?? []);
  const results = useRecords<Observation>('Observation', { _id: ids.join(','), _count: ids.length }, { patient });
  const chart = useApi<Chart>(
    `/api/charts/${patient}`,
    { types: 'Observation' },
    { hears: { types: ['Observation'], patient } },
  );
  const all = chart.data?.records.Observation ?? [];
  return (
    <Loaded from={results}>
      {(found) => (
        <div className="overflow-x-auto rounded-lg border border-line">
          <Table
            label="Values"
            columns={COLUMNS}
            rows={rowsOf(
              ids.flatMap((id) => found.find((one) => one.id === id) ?? []),
              all,
            )}
            keyOf={({ observation }) => observation.id ?? codeOf(observation)}
          />
        </div>
      )}
    </Loaded>
  );
}

function rowsOf(results: readonly Observation[], all: readonly Observation[]): readonly Row[] {
  const short = results.map(({ code }) => shortName(conceptText(code)));
  return results.map((observation, index) => {
    const name =
      short.filter((other) => other === short[index]).length === 1 ? short[index]! : conceptText(observation.code);
    return { observation, name, earlier: earlierOf(observation, all) };
  });
}

/** @param all newest first, as a chart has them */
function earlierOf(observation: Observation, all: readonly Observation[]): readonly Observation[] {
  const [code, at] = [codeOf(observation), whenOf(observation) ?? ''];
  return all.filter((one) => one.id !== observation.id && codeOf(one) === code && (whenOf(one) ?? '') < at).reverse();
}

function Before({ observation }: { readonly observation: Observation | undefined }) {
  if (!observation) return <span className="text-ink-3">–</span>;
  return (
    <span className="whitespace-nowrap tabular">
      {resultText(observation)} <span className="text-ink-3 text-xs">{dayText(whenOf(observation))}</span>
    </span>
  );
}
