// A rule of the chart: what else must change when records of a type do.

import type { ResourceType } from '@medplum/fhirtypes';
import type { ChartDraft } from '../draft.ts';

export interface Rule {
  /** Asked only when the draft changes a record of one of these types. */
  readonly types: readonly ResourceType[];
  /**
   * Keys (`UnitOptions.exclusive`) that must be held while the rule looks at what is committed and writes by it; none
   * where it has nothing to do: then it is not applied.
   */
  keys(draft: ChartDraft): readonly string[];
  apply(draft: ChartDraft): Promise<void>;
}
