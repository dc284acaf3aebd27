// Who takes care of the patient together, as other systems say it.

import type { CareTeam } from '@medplum/fhirtypes';
import { gistOf } from '@chartwire/sdk/internal/records/gist';
import { type Chart, recordsOf } from '../chart/chart-data.ts';
import { Who } from '../fhir/who.tsx';
import { conceptText } from '../fhir/words.ts';
import { Badge } from '../ui/badge.tsx';
import { classes } from '../ui/classes.ts';
import { Entry } from '../ui/entry.tsx';
import { Card } from '../ui/page.tsx';
import { Day } from '../ui/time.tsx';

/** The card is there where there is a team. */
export function CareTeams({ chart }: { readonly chart: Chart }) {
  const teams = recordsOf(chart, 'CareTeam');
  if (teams.length === 0) return null;
  return (
    <Card title="Care teams" count={teams.length}>
      <ul>
        {teams.map((team) => (
          <Entry key={team.id} of={team}>
            {() => <Line team={team} />}
          </Entry>
        ))}
      </ul>
    </Card>
  );
}

function Line({ team }: { readonly team: CareTeam }) {
  const { title, date, status } = gistOf(team);
  const { participant = [], telecom = [] } = team;
  return (
    <li className="flex flex-col gap-1 border-line border-b px-3 py-2 text-sm last:border-0">
      <span className="flex items-baseline gap-2">
        <span className={classes('min-w-0 flex-1 font-medium', status === 'inactive' && 'text-ink-2')}>
          {title ?? 'Care team'}
        </span>
        {status && status !== 'active' && <Badge>{status.replaceAll('-', ' ')}</Badge>}
        <span className="text-ink-3 text-xs">
          <Day date={date} />
        </span>
      </span>
      <ul className="flex flex-col gap-0.5 text-ink-2">
        {participant.map(({ id, member, role }, index) => (
          <li key={id ?? index}>
            {member && <Who reference={member} />}
            <span className="text-ink-3"> {role?.map(conceptText).filter(Boolean).join(', ')}</span>
          </li>
        ))}
      </ul>
      {telecom.length > 0 && (
        <span className="text-ink-3 text-xs">{telecom.flatMap(({ value }) => value ?? []).join(', ')}</span>
      )}
    </li>
  );
}
