// A chart that somebody is about to open.

import { queries } from '../api/queries.ts';
import { reading } from './chart-data.ts';

/** Reads a chart, and the code that shows it, before it is opened. */
export function prefetchChart(patient: string): void {
  void queries.prefetchQuery(reading(patient));
  // What cannot be read now is read again when it is shown.
  import('./chart-page.tsx').catch(() => {});
}
