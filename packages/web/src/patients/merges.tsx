// On the profile of a patient: the charts that were merged into theirs, undoing that, and merging another one.

import type { Patient } from '@medplum/fhirtypes';
import { GitMerge, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { MergesShape } from '@chartwire/client/internal/contract/merges';
import { api } from '../api/client.ts';
import { queries, useApi } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { useWrite } from '../api/write.ts';
import { nameText } from '../fhir/words.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Card } from '../ui/page.tsx';
import { Loaded, Skeleton } from '../ui/states.tsx';
import { Ago } from '../ui/time.tsx';
import { tell } from '../ui/toast.tsx';
import { nameApart } from './found-patient.ts';
import { MergeDialog, PURPOSE } from './merge-dialog.tsx';

type Merge = MergesShape['merged'][number];

export function Merges({ patient }: { readonly patient: Patient & { readonly id: string } }) {
  const { may } = useSession();
  const [merging, setMerging] = useState(false);
  return (
    <Card
      title="Merged charts"
      actions={
        may('Patient', 'u') && (
          <Button size="sm" icon={GitMerge} onClick={() => setMerging(true)}>
            Merge with another chart
          </Button>
        )
      }
    >
      <MergeList patient={patient.id} />
      {merging && <MergeDialog patient={patient} onClose={() => setMerging(false)} />}
    </Card>
  );
}

export function MergeList({ patient }: { readonly patient: string }) {
  const found = useApi(api.merges.list, { params: { id: patient } }, { hears: { patient }, staleTime: 0 });
  return (
    <Loaded from={found} skeleton={<Skeleton lines={1} />}>
      {({ merged }) =>
        merged.length === 0 ? (
          <p className="px-3 py-2.5 text-ink-3 text-sm">
            If this patient was registered twice, merge the two charts into one.
          </p>
        ) : (
          <ul>
            {merged.map((merge) => (
              <MergeRow key={merge.source.id} merge={merge} patient={patient} />
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

function MergeRow({ merge, patient }: { readonly merge: Merge; readonly patient: string }) {
  const { may } = useSession();
  const [asking, setAsking] = useState(false);
  const { source, target, at, by, reason, lasting } = merge;
  const other = source.id === patient ? target : source;
  return (
    <li className="flex items-start gap-3 border-line border-b px-3 py-2 text-sm last:border-0">
      <div className="min-w-0 flex-1">
        <p>
          {other === source ? 'The chart of ' : 'Merged into the chart of '}
          <Link href={`/patients/${other.id}`} className="font-medium text-accent-text hover:underline">
            {nameOf(other)}
          </Link>
          {other === source && ' was merged into this one'}
          <span className="text-ink-3">
            {' '}
            · {by.display ?? by.id}, <Ago time={at} />
          </span>
        </p>
        {reason && <p className="text-ink-2">“{reason}”</p>}
        {lasting !== null && (
          <p className="text-ink-3 text-xs">This can no longer be undone: one of the two charts has changed since.</p>
        )}
      </div>
      {lasting === null && may('Patient', 'u') && (
        <Button size="sm" icon={Undo2} onClick={() => setAsking(true)}>
          Undo the merge
        </Button>
      )}
      {asking && <UndoDialog merge={merge} onClose={() => setAsking(false)} />}
    </li>
  );
}

function UndoDialog({ merge: { source, target }, onClose }: { readonly merge: Merge; readonly onClose: () => void }) {
  const undo = useWrite((server) => server.merges.unmerge({ params: { id: source.id }, body: {}, headers: PURPOSE }), {
    shown: 'here',
    onDone: () => {
      tell('The merge is undone. There are two charts again.');
      void queries.invalidateQueries();
    },
    onHere: onClose,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title="Undo the merge?"
      onSubmit={() => undo.send()}
      problem={undo.problem}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={undo.pending}>
            Undo the merge
          </Button>
        </>
      }
    >
      <p className="text-sm">
        Everything that came from the chart of {nameOf(source)} goes back there, as it was, and is no longer in the
        chart of {nameOf(target)}.
      </p>
    </Dialog>
  );
}

function nameOf({ name, number }: Merge['source']): string {
  return nameApart(name ?? nameText(undefined), number);
}
