// One thing measured again and again: its line with axes, and every value below.

import { useMemo } from 'react';
import type { Finding } from '@chartwire/sdk/internal/records/findings';
import { enteredText } from '@chartwire/sdk/internal/records/entered-as';
import { normalText, resultText, resultUnit } from '@chartwire/sdk/internal/records/result-text';
import { findingFlag } from '@chartwire/sdk/internal/records/vital-bounds';
import { conceptText } from '../fhir/words.ts';
import { apart } from '../ui/apart.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Empty } from '../ui/states.tsx';
import { Day } from '../ui/time.tsx';
import { Marked } from './labs.tsx';
import { useLooking } from './opened.tsx';
import { isOf, lineOfCode, WATCHED, whenOf } from './readings.ts';
import { valuesIn } from './results.ts';

const Plot = apart(() => import('./plot.tsx'), <div className="h-55" />);

export function TrendPanel({ code, onClose }: { readonly code: string; readonly onClose: () => void }) {
  const { chart } = useLooking();
  const { Observation, DiagnosticReport } = chart.records;
  // Drawn anew when it is another line only.
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the chart these records are all that is read
  const { values, line, band } = useMemo(() => {
    const codes = WATCHED.find((watched) => watched.codes.includes(code))?.codes ?? [code];
    const values = valuesIn(chart).filter(({ observation }) => isOf(observation, codes));
    const line = lineOfCode(
      values.map(({ observation }) => observation),
      code,
    );
    const range = line?.latest.referenceRange?.[0];
    const one = line?.readings.length === 1;
    return { values, line, band: one && range ? { low: range.low?.value, high: range.high?.value } : undefined };
  }, [Observation, DiagnosticReport, code]);
  const latest = values[0]?.observation;
  const title = line?.label ?? (latest ? conceptText(latest.code) : 'Trend');
  const about = [line?.unit, latest && normalText(latest) && `normal ${normalText(latest)}`]
    .filter(Boolean)
    .join(' · ');
  return (
    <Dialog open onClose={onClose} place="side" title={title} about={about}>
      {line && (line.readings[0]?.length ?? 0) > 1 && (
        <div className="mb-4">
          <Plot lines={line.readings} height={220} axes band={band} label={`${title} over time`} />
        </div>
      )}
      {values.length === 0 ? (
        <Empty title="No values." />
      ) : (
        <table className="w-full text-sm" aria-label={`Values of ${title}`}>
          <tbody>
            {values.map((value) => (
              <ValueRow key={value.key} value={value} />
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  );
}

function ValueRow({ value: { record, observation } }: { readonly value: Finding }) {
  const { chart, open } = useLooking();
  const parts = observation.component?.flatMap(({ valueQuantity }) => valueQuantity?.value ?? []) ?? [];
  const joined = observation.valueQuantity === undefined && parts.length > 0;
  const entered = enteredText(observation);
  const [type = '', id = ''] = record.split('/');
  return (
    <tr className="border-line border-b last:border-0">
      <th scope="row" className="text-left font-normal">
        <button
          type="button"
          onClick={() => open({ type, id })}
          className="min-h-7 text-left text-ink-2 hover:underline"
        >
          <Day date={whenOf(observation)} />
        </button>
      </th>
      <td className="text-right tabular">
        <Marked flag={findingFlag(observation, chart.patient.birthDate)}>
          {joined ? parts.join('/') : resultText(observation) || '–'}
        </Marked>{' '}
        <span className="text-ink-3 text-xs">{resultUnit(observation)}</span>
        {entered && <span className="block text-ink-3 text-xs">entered as {entered}</span>}
      </td>
    </tr>
  );
}
