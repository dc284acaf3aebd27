// The current chart, for any caller.

import type { Chart, ChartReader } from '#chart/contract.ts';
import { SYSTEM } from '#kit/authority.ts';

export function seenIn(chart: Chart): ChartReader {
  return chart.reader({ actor: { type: 'system', id: 'test' }, source: 'system', authority: SYSTEM });
}
