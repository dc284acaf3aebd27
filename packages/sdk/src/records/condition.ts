// Problems and diagnoses.

import type { ClinicalImpression, Condition as R4Condition } from '@medplum/fhirtypes';
import { parseReference } from '#kit/ids.ts';
import { became, type Change, defineRecord, type Occurrence } from '#kit/record-kind.ts';
import { CONDITION_CLINICAL } from '#kit/systems.ts';
import { hasCoding } from './codings.ts';

const RESOLVED: ReadonlySet<string> = new Set(['resolved']);

export const Condition = defineRecord({
  prefix: 'CONDITION',
  resource: 'Condition',
  label: 'Condition',
  summary: 'A problem or diagnosis of a patient.',
  transitions: {
    ASSESSED: {
      on: 'ClinicalImpression',
      summary: 'A condition was assessed.',
      adds: '`record` is the ClinicalImpression; the target is the Condition',
      occurs:
        'A completed ClinicalImpression whose `problem` is the Condition is written: once for each such Condition.',
      when({ before, after }: Change<ClinicalImpression>): Occurrence[] {
        if (after?.status !== 'completed' || before?.status === 'completed') return [];
        const problems = (after.problem ?? []).map(({ reference }) => parseReference(reference));
        return problems.filter((problem) => problem?.type === 'Condition').map((target) => ({ target: target! }));
      },
    },
    RESOLVED: {
      summary: 'A condition is over.',
      occurs: '`clinicalStatus` becomes `resolved`.',
      when: (change: Change<R4Condition>) =>
        became(change, ({ clinicalStatus }) => hasCoding(clinicalStatus, CONDITION_CLINICAL, RESOLVED)),
    },
  },
});
