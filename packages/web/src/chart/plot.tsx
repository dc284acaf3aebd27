// Lines over time, drawn by uPlot; small and bare, or with axes. Loaded only where there is something to draw.

import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import { startOfDay } from '@chartwire/sdk/internal/kit/calendar';
import { firstDay } from '@chartwire/sdk/internal/kit/partial-date';
import { instantFrom } from '../ui/instant.ts';
import type { Reading } from './readings.ts';
import { practiceZone } from '../ui/zone.ts';

/** Days since long ago pass for times since long ago: uPlot wants seconds. */
const seconds = ({ at }: Reading): number => startOf(at).getTime() / 1_000;

/** Of a day, a month or a year, its beginning at the practice. */
function startOf(at: string): Date {
  return at.includes('T') ? instantFrom(at) : startOfDay(firstDay(at), practiceZone());
}

const colour = (token: string): string => getComputedStyle(document.documentElement).getPropertyValue(token);

export default function Plot({
  lines,
  label,
  height,
  axes = false,
  band,
}: {
  readonly lines: readonly (readonly Reading[])[];
  /** What it shows, for who does not see it. */
  readonly label: string;
  readonly height: number;
  readonly axes?: boolean;
  /** The normal range, shaded. */
  readonly band?: { readonly low?: number | undefined; readonly high?: number | undefined } | undefined;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parent = box.current;
    if (!parent) return;
    let plot = draw(parent, lines, height, axes, band);
    const sized = new ResizeObserver(() => {
      if (parent.clientWidth !== plot.width) plot.setSize({ width: parent.clientWidth, height });
    });
    sized.observe(parent);
    // Canvas knows no tokens: another theme is drawn anew.
    const themed = new MutationObserver(() => {
      plot.destroy();
      plot = draw(parent, lines, height, axes, band);
    });
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      sized.disconnect();
      themed.disconnect();
      plot.destroy();
    };
  }, [lines, height, axes, band]);
  return <div ref={box} role="img" aria-label={label} style={{ height }} className="w-full" />;
}

type Band = { readonly low?: number | undefined; readonly high?: number | undefined } | undefined;

function draw(
  parent: HTMLElement,
  lines: readonly (readonly Reading[])[],
  height: number,
  axes: boolean,
  band: Band,
): UPlot {
  const tables = lines.map((line): UPlot.AlignedData => [line.map(seconds), line.map(({ value }) => value)]);
  const data = tables.length === 1 ? tables[0]! : UPlot.join(tables);
  const accents = [colour('--accent'), colour('--info')];
  return new UPlot(
    {
      width: parent.clientWidth,
      tzDate: (at) => UPlot.tzDate(new Date(at * 1_000), practiceZone()),
      height,
      legend: { show: false },
      cursor: { show: false },
      padding: axes ? [8, 12, 0, 0] : [4, 5, 4, 5],
      scales: { x: { time: true }, y: { range: (_plot, low, high) => spread(low, high, band) } },
      axes: axes ? [axis({}), axis({ size: 44 })] : [{ show: false }, { show: false }],
      series: [
        {},
        ...lines.map((line, index) => ({
          stroke: accents[index % 2]!,
          width: 1.5,
          spanGaps: true,
          points: { show: axes || line.length === 1, size: axes ? 6 : 4, fill: accents[index % 2]! },
        })),
      ],
      hooks: { drawClear: [(plot) => shade(plot, band)] },
    },
    data,
    parent,
  );
}

function axis(more: UPlot.Axis): UPlot.Axis {
  const line = { stroke: colour('--line'), width: 1 };
  return { stroke: colour('--ink-3'), font: '11px "Inter Variable", sans-serif', grid: line, ticks: line, ...more };
}

/** A little room above and below; the normal range in sight. */
function spread(low: number, high: number, band: Band): UPlot.Range.MinMax {
  const [bottom, top] = [Math.min(low, band?.low ?? low), Math.max(high, band?.high ?? high)];
  const room = (top - bottom || Math.abs(top) || 1) * 0.1;
  return [bottom - room, top + room];
}

function shade(plot: UPlot, band: Band): void {
  if (!band || (band.low === undefined && band.high === undefined)) return;
  const { left, top, width, height } = plot.bbox;
  const high = band.high === undefined ? top : Math.max(top, plot.valToPos(band.high, 'y', true));
  const low = band.low === undefined ? top + height : Math.min(top + height, plot.valToPos(band.low, 'y', true));
  plot.ctx.save();
  plot.ctx.fillStyle = colour('--ok-soft');
  plot.ctx.fillRect(left, high, width, low - high);
  plot.ctx.restore();
}
