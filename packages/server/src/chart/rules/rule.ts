// A rule of the chart: what else must change with records of a type.

import type { ResourceType } from '@medplum/fhirtypes';
import type { ChartDraft } from '../draft.ts';

export interface Rule {
  /** Runs only if the draft changes a record of one of these types. */
  readonly types: readonly ResourceType[];
  /**
   * Keys (`UnitOptions.exclusive`) that must be held while the rule reads committed records and writes. None if the rule has
   * nothing to do; then it isn't applied.
   */
  keys(draft: ChartDraft): readonly string[];
  apply(draft: ChartDraft): Promise<void>;
}
