// Laboratory values by panel: the last four of each, what is out of range in words and colour, and where it tends.

import type { Observation } from '@medplum/fhirtypes';
import { type ReactNode, useMemo } from 'react';
import { type Flag, flagOf } from '@chartwire/sdk/internal/records/interpretation';
import { resultText, resultUnit } from '@chartwire/sdk/internal/records/result-text';
import { Badge } from '../ui/badge.tsx';
import { classes } from '../ui/classes.ts';
import { dayText } from '../ui/time.tsx';
import { useLooking } from './opened.tsx';
import { Past } from './row.tsx';
import { type Panel, panelsOf, type ResultRow } from './results.ts';
import { Section } from './section.tsx';
import { Sparkline } from './sparkline.tsx';
import { Entry } from '../ui/entry.tsx';
import { todayHere } from '../today/days.ts';

/** Panels that are open from the beginning. */
const OPEN = 6;

export function Labs() {
  const { chart } = useLooking();
  const { Observation, DiagnosticReport } = chart.records;
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the chart these records are all that is read
  const panels = useMemo(() => panelsOf(chart), [Observation, DiagnosticReport]);
  return (
    <Section
      name="labs"
      title="Labs"
      digit="6"
      count={panels.length}
      types={['Observation', 'DiagnosticReport']}
      empty="No results yet. A Lab order in a note orders tests. Results appear here."
    >
      <div className="flex flex-col gap-2">
        {panels.slice(0, OPEN).map((panel) => (
          <Entry key={panel.name} of={panel} type={`Panel ${panel.name}`} as="div">
            {() => <PanelTable panel={panel} />}
          </Entry>
        ))}
      </div>
      {panels.length > OPEN && (
        <Past label={`${panels.length - OPEN} older panels`}>
          {() =>
            panels.slice(OPEN).map((panel) => (
              <Entry key={panel.name} of={panel} type={`Panel ${panel.name}`}>
                {() => (
                  <li>
                    <PanelTable panel={panel} />
                  </li>
                )}
              </Entry>
            ))
          }
        </Past>
      )}
    </Section>
  );
}

function PanelTable({ panel: { name, days, rows, report } }: { readonly panel: Panel }) {
  const { open } = useLooking();
  return (
    <div className="overflow-x-auto">
      <table className="w-full min-w-96 table-fixed border-collapse text-sm">
        <thead>
          <tr className="text-ink-3 text-xs">
            <th scope="col" className="py-0.5 pr-2 pl-7.5 text-left font-medium">
              {report ? (
                <button
                  type="button"
                  data-row
                  onClick={() => open({ type: 'DiagnosticReport', id: report.id })}
                  className="min-h-6 rounded-sm text-left text-ink-2 hover:text-ink hover:underline"
                >
                  {name}
                  {report.status !== 'final' && (
                    <Badge tone="warn" className="ml-1.5">
                      {report.status}
                    </Badge>
                  )}
                </button>
              ) : (
                <span className="text-ink-2">{name}</span>
              )}
            </th>
            {days.map((day, index) => (
              <th
                key={day}
                scope="col"
                className={classes('whitespace-nowrap px-1.5 text-right font-normal', index === 0 ? 'w-22' : 'w-16')}
              >
                {shortDay(day)}
              </th>
            ))}
            <th scope="col" className="w-17 pr-3 pl-1.5">
              <span className="sr-only">Trend</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Entry key={row.code} of={row} type={`Observation ${row.code}`} as="tr">
              {() => <ResultLine row={row} />}
            </Entry>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ResultLine({ row: { code, name, short, unit, range, cells, trend } }: { readonly row: ResultRow }) {
  const { openTrend } = useLooking();
  return (
    <tr className="hover:bg-hover">
      <th scope="row" className="py-0 pr-2 pl-7.5 text-left font-normal">
        <button
          type="button"
          data-row
          onClick={() => openTrend(code)}
          title={[name, range && `normal ${range}`, unit].filter(Boolean).join(', ')}
          className="flex min-h-6 w-full items-baseline gap-1.5 text-left focus-visible:outline-offset-[-2px]"
        >
          <span className="line-clamp-2">{short}</span>
          <span className="shrink-0 text-ink-3 text-xs">{unit}</span>
        </button>
      </th>
      {cells.map((cell, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
        <td key={index} className="px-1.5 text-right align-baseline tabular">
          {cell ? (
            <Value observation={cell.observation} latest={index === 0} unit={unit} />
          ) : (
            <span className="text-ink-3">–</span>
          )}
        </td>
      ))}
      <td className="pr-3 pl-1.5">
        <Sparkline values={trend} />
      </td>
    </tr>
  );
}

/** A value with its flag: a number is never cut short; its flag goes below it where there is no room beside it. */
export function Value({
  observation,
  latest = false,
  unit,
}: {
  readonly observation: Observation;
  readonly latest?: boolean;
  /** Said beside it already: it says its own where that is another. */
  readonly unit?: string;
}) {
  const number = observation.valueQuantity !== undefined;
  const own = resultUnit(observation);
  return (
    <Marked flag={flagOf(observation)} latest={latest}>
      <span className={number ? 'whitespace-nowrap' : 'break-words text-xs'}>{resultText(observation) || '–'}</span>
      {number && unit !== undefined && own !== unit && <span className="text-ink-3 text-xs"> {own}</span>}
    </Marked>
  );
}

/** What stands out, in word and color; an older one by the letter of its flag. */
export function Marked({
  flag,
  latest = true,
  children,
}: {
  readonly flag: Flag | undefined;
  readonly latest?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <span
      title={flag?.word}
      className={classes(
        latest && 'font-medium',
        flag && (flag.critical ? 'rounded-sm bg-danger-soft px-1 text-danger-text' : 'text-danger-text'),
      )}
    >
      {children}
      {flag && (
        <>
          {' '}
          <span aria-hidden={!latest || undefined} className="font-semibold text-2xs">
            {latest ? flag.word : flag.letter}
          </span>
          {!latest && <span className="sr-only">, {flag.word}</span>}
        </>
      )}
    </span>
  );
}

const MONTH = new Intl.DateTimeFormat(undefined, { month: 'short', timeZone: 'UTC' });

/** `Mar 4` of this year, `Mar ’24` of others. */
function shortDay(day: string): string {
  if (day.length < 10) return dayText(day);
  const date = new Date(day);
  if (Number.isNaN(date.getTime())) return dayText(day);
  const thisYear = day.slice(0, 4) === todayHere().slice(0, 4);
  const month = MONTH.format(date);
  return thisYear ? `${month} ${date.getUTCDate()}` : `${month} ’${String(date.getUTCFullYear()).slice(2)}`;
}
