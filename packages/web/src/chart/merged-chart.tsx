// In the place of a chart that was merged into another one: where what was in it is now, and the way to undo the merge.

import { ArrowRight, GitMerge } from 'lucide-react';
import { Link } from 'wouter';
import { medicalRecordNumber } from '@chartwire/sdk/internal/records/person';
import { nameText } from '../fhir/words.ts';
import { nameApart } from '../patients/found-patient.ts';
import { MergeList } from '../patients/merges.tsx';
import { Card, usePageTitle } from '../ui/page.tsx';
import { Empty } from '../ui/states.tsx';
import type { Chart } from './chart-data.ts';

export function MergedChart({
  chart: { patient },
  into,
  rest,
}: {
  readonly chart: Chart;
  readonly into: NonNullable<Chart['mergedInto']>;
  /** What of the chart was asked for: the same is in the other one. */
  readonly rest: string;
}) {
  const name = nameText(patient.name);
  const other = nameApart(into.name ?? 'another patient', into.number);
  usePageTitle(name);
  return (
    <div className="mx-auto flex max-w-2xl flex-col gap-4 p-5">
      <Empty
        icon={GitMerge}
        title={`The chart of ${nameApart(name, medicalRecordNumber(patient))} was merged into the chart of ${other}.`}
        action={
          <Link
            href={`/patients/${into.id}${rest === '' ? '' : `/${rest}`}`}
            className="inline-flex h-8 items-center gap-1.5 rounded-md border border-transparent bg-accent px-3 font-medium text-accent-ink text-sm hover:bg-accent-hover"
          >
            Open the chart of {other}
            <ArrowRight aria-hidden className="size-3.5" />
          </Link>
        }
      >
        Its notes, results and other records are there now. This chart is read-only.
      </Empty>
      <Card title="The merge">
        <MergeList patient={patient.id} />
      </Card>
    </div>
  );
}
