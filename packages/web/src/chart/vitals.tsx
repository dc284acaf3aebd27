// The vital signs that are watched: a line each, its latest value and how it changed.

import { useMemo } from 'react';
import { findingFlag } from '@chartwire/sdk/internal/records/vital-bounds';
import { apart } from '../ui/apart.tsx';
import { classes } from '../ui/classes.ts';
import { dayText } from '../ui/time.tsx';
import { useLooking } from './opened.tsx';
import { changeText, type Line, latestText, vitalLines } from './readings.ts';
import { valuesIn } from './results.ts';
import { Section } from './section.tsx';
import { Marked } from './labs.tsx';
import { Entry } from '../ui/entry.tsx';

const Plot = apart(() => import('./plot.tsx'), null);

/** So many have a line of their own; the others are written in a row below. */
const DRAWN = 4;
const PLOT_HEIGHT = 40;

export function Vitals() {
  const { chart } = useLooking();
  // Only other findings are drawn anew.
  const { Observation, DiagnosticReport } = chart.records;
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the chart these records are all that is read
  const lines = useMemo(
    () => vitalLines(valuesIn(chart).map(({ observation }) => observation)),
    [Observation, DiagnosticReport],
  );
  return (
    <Section
      name="vitals"
      title="Vitals"
      digit="5"
      count={lines.length}
      types={['Observation']}
      empty="None recorded. Vitals in a note adds readings."
      aside={lines[0] && <span className="text-ink-3 text-xs">{dayText(lines[0].readings[0]?.at(-1)?.at)}</span>}
    >
      <ul className="grid grid-cols-2 gap-1.5 px-3 pb-1.5 pl-7.5">
        {lines.slice(0, DRAWN).map((line) => (
          <Entry key={line.code} of={line.latest}>
            {() => <Drawn line={line} />}
          </Entry>
        ))}
      </ul>
      <ul className="flex flex-wrap gap-1.5 px-3 pl-7.5">
        {lines.slice(DRAWN).map((line) => (
          <Entry key={line.code} of={line.latest}>
            {() => <Written line={line} />}
          </Entry>
        ))}
      </ul>
    </Section>
  );
}

/** In the units it was entered in, with those it is kept in beside them. */
function Latest({ line, className }: { readonly line: Line; readonly className: string }) {
  const { chart } = useLooking();
  const { unit, entered, latest } = line;
  const kept = `${latestText(line)} ${unit}`;
  return (
    <>
      <Marked flag={findingFlag(latest, chart.patient.birthDate)}>
        <span className={classes('tabular', className)}>{entered ?? latestText(line)}</span>
      </Marked>{' '}
      <span className="text-ink-3 text-xs">{entered === undefined ? unit : kept}</span>
    </>
  );
}

const CARD = 'w-full rounded-md border border-line px-2.5 text-left hover:border-line-strong hover:bg-hover';

function Drawn({ line }: { readonly line: Line }) {
  const { openTrend } = useLooking();
  const { code, label, unit, readings } = line;
  const change = changeText(line);
  const last = readings[0]?.at(-1);
  return (
    <li className="min-w-0">
      <button type="button" data-row onClick={() => openTrend(code)} className={`${CARD} py-1.5`}>
        <span className="flex items-baseline justify-between gap-2 text-ink-3 text-xs">
          <span className="truncate">{label}</span>
          <span className="shrink-0 tabular">
            {change && (
              <span title="since the previous reading">
                {line.entered === undefined ? change : `${change} ${unit}`}
              </span>
            )}
          </span>
        </span>
        <span className="block truncate">
          <Latest line={line} className="font-semibold text-lg" />
        </span>
        <span className="block" style={{ height: PLOT_HEIGHT }}>
          <Plot
            lines={readings}
            height={PLOT_HEIGHT}
            label={`${label}: ${readings[0]?.length} readings, the last ${latestText(line)} ${unit}, ${dayText(last?.at)}`}
          />
        </span>
      </button>
    </li>
  );
}

function Written({ line }: { readonly line: Line }) {
  const { openTrend } = useLooking();
  const { code, label } = line;
  return (
    <li>
      <button type="button" data-row onClick={() => openTrend(code)} className={`${CARD} py-0.5 text-sm`}>
        <span className="text-ink-3 text-xs">{label}</span> <Latest line={line} className="font-medium" />
      </button>
    </li>
  );
}
