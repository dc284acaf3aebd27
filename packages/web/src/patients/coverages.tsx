// Who pays, in the order in which they are billed. The server moves the others when one is given a rank.

import type { Coverage } from '@medplum/fhirtypes';
import { ChevronDown, ChevronUp, Pencil, Plus, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useSession } from '../api/session.tsx';
import { useWrite } from '../api/write.ts';
import { coveragesOf, payerText } from '../chart/banner.tsx';
import { type Chart, recordsOf } from '../chart/chart-data.ts';
import { conceptText } from '../fhir/words.ts';
import { Badge } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Entry } from '../ui/entry.tsx';
import { Card } from '../ui/page.tsx';
import { Empty } from '../ui/states.tsx';
import { dayText } from '../ui/time.tsx';
import { CoverageDialog } from './coverage-dialog.tsx';

export function Coverages({ chart }: { readonly chart: Chart }) {
  const { may } = useSession();
  const [editing, setEditing] = useState<Coverage | 'new' | null>(null);
  const active = coveragesOf(chart);
  const others = recordsOf(chart, 'Coverage').filter(({ status }) => status !== 'active');
  const mayWrite = may('Coverage', 'u');
  return (
    <Card
      title="Coverage"
      count={active.length}
      actions={
        may('Coverage', 'c') && (
          <Button size="sm" icon={Plus} onClick={() => setEditing('new')}>
            Add
          </Button>
        )
      }
    >
      {active.length === 0 && others.length === 0 && (
        <Empty icon={ShieldCheck} title="No coverage yet.">
          The first one you add is billed first.
        </Empty>
      )}
      <ol>
        {active.map((coverage, index) => (
          <Entry key={coverage.id} of={coverage}>
            {() => (
              <Line
                coverage={coverage}
                rank={index + 1}
                above={active[index - 1]}
                below={active[index + 1]}
                {...(mayWrite && { onEdit: () => setEditing(coverage) })}
              />
            )}
          </Entry>
        ))}
        {others.map((coverage) => (
          <Entry key={coverage.id} of={coverage}>
            {() => <Line coverage={coverage} {...(mayWrite && { onEdit: () => setEditing(coverage) })} />}
          </Entry>
        ))}
      </ol>
      {editing && (
        <CoverageDialog
          patient={chart.patient.id}
          coverage={editing === 'new' ? undefined : editing}
          last={active.length + 1}
          onClose={() => setEditing(null)}
        />
      )}
    </Card>
  );
}

function Line({
  coverage,
  rank,
  above,
  below,
  onEdit,
}: {
  readonly coverage: Coverage;
  readonly rank?: number;
  readonly above?: Coverage | undefined;
  readonly below?: Coverage | undefined;
  readonly onEdit?: () => void;
}) {
  const exchange = useExchange();
  const { subscriberId, relationship, period, status, type } = coverage;
  const about = [conceptText(type), subscriberId && `member ${subscriberId}`, conceptText(relationship)];
  return (
    <li className="flex min-h-11 items-center gap-3 border-line border-b px-3 py-1 text-sm last:border-0">
      <span className="w-4 text-center text-ink-3 tabular">{rank}</span>
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2">
          <span className="truncate font-medium">{payerText(coverage)}</span>
          {status !== 'active' && <Badge>{status}</Badge>}
        </span>
        <span className="block truncate text-ink-3 text-xs">
          {[...about, period?.start && `from ${dayText(period.start)}`, period?.end && `to ${dayText(period.end)}`]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
      {onEdit && (
        <span className="flex">
          {rank !== undefined && (
            <>
              <IconButton
                icon={ChevronUp}
                label="Bill earlier"
                disabled={!above}
                busy={exchange.pending}
                onClick={() => above && exchange.send({ up: coverage, down: above, rank: rank - 1 })}
              />
              <IconButton
                icon={ChevronDown}
                label="Bill later"
                disabled={!below}
                busy={exchange.pending}
                onClick={() => below && exchange.send({ up: below, down: coverage, rank })}
              />
            </>
          )}
          <IconButton icon={Pencil} label="Change this coverage" onClick={onEdit} />
        </span>
      )}
    </li>
  );
}

interface Exchange {
  readonly up: Coverage;
  readonly down: Coverage;
  readonly rank: number;
}

/** Puts `up` at the rank of `down`, which stands right before it and goes down by that. */
function useExchange() {
  return useWrite(async (server, { up, down, rank }: Exchange) => {
    // Coverages from elsewhere may have no rank: the one to be passed is given one first.
    const order = down.order ?? rank;
    if (down.order === undefined) await server.fhir.update({ ...down, order });
    await server.fhir.update({ ...up, order });
  });
}
