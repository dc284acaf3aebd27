// What holds for the whole practice: its time zone, and those of its places.

import type { Location } from '@medplum/fhirtypes';
import { useState } from 'react';
import { writtenTimeZone } from '@chartwire/sdk/internal/records/location-time-zone';
import type { PracticeShape } from '@chartwire/client/internal/contract/practice';
import { api } from '../api/client.ts';
import { keyOf, queries, useAllRecords, useApi } from '../api/queries.ts';
import { zoneChanged } from '../api/session.tsx';
import { useWrite } from '../api/write.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Failed, Loaded } from '../ui/states.tsx';
import { submitting } from '../ui/submit.ts';
import { tell } from '../ui/toast.tsx';
import { nowText, ZoneSelect } from './zone-select.tsx';

export default function PracticePage() {
  const practice = useApi(api.practice.get, {}, { staleTime: 0 });
  return (
    <Page title="Practice" about="Settings for the whole practice">
      <div className="flex max-w-2xl flex-col gap-4 p-5">
        <Loaded from={practice}>
          {(settings) => (
            <>
              <PracticeZone key={settings.timeZone} settings={settings} />
              <Places practiceZone={settings.timeZone} />
            </>
          )}
        </Loaded>
      </div>
    </Page>
  );
}

function PracticeZone({ settings }: { readonly settings: PracticeShape }) {
  const { timeZone, chosen, serverTimeZone } = settings;
  const before = chosen ? timeZone : '';
  const [zone, setZone] = useState(before);
  const save = useWrite((server) => server.practice.change({ body: { timeZone: zone || null } }), {
    shown: 'here',
    onDone: (saved) => {
      queries.setQueryData(keyOf(api.practice.get, {}), saved);
      tell('Time zone changed.', { about: `It is ${nowText(saved.timeZone)}.` });
      zoneChanged(saved.timeZone);
    },
  });
  return (
    <Card title="Days and times">
      <form className="flex flex-col gap-3 p-3" onSubmit={submitting(() => save.send())}>
        <p className="text-ink-2 text-sm">
          Sets what “today” means, when a task is overdue, and which day an appointment is on. All screens show times in
          it.
        </p>
        <Field label="Time zone" hint={`It is ${nowText(zone || serverTimeZone)}.`}>
          {(tied) => (
            <ZoneSelect tied={tied} value={zone} onChange={setZone} none={`The server’s: ${serverTimeZone}`} />
          )}
        </Field>
        {save.problem && <Failed problem={save.problem} />}
        <Button type="submit" look="primary" busy={save.pending} disabled={zone === before} className="self-start">
          Change the time zone
        </Button>
      </form>
    </Card>
  );
}

function Places({ practiceZone }: { readonly practiceZone: string }) {
  const places = useAllRecords('Location', { _sort: 'name' });
  return (
    <Card title="Time zones of locations" count={places.data?.length}>
      <p className="px-3 pt-3 text-ink-2 text-sm">
        Visits and the schedule at a location, and at the rooms in it, use its time zone.
      </p>
      <Loaded from={places}>
        {(found) =>
          found.length === 0 ? (
            <p className="p-3 text-ink-3 text-sm">There are no locations yet. They are FHIR Location records.</p>
          ) : (
            <ul className="divide-y divide-line pt-2">
              {found.map((place) => (
                <Place key={place.id} place={place} practiceZone={practiceZone} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}

function Place({ place, practiceZone }: { readonly place: Location; readonly practiceZone: string }) {
  const zone = writtenTimeZone(place) ?? '';
  const name = place.name ?? 'Location without a name';
  const save = useWrite(
    (server, timeZone: string) =>
      server.practice.changeLocation({ params: { id: place.id! }, body: { timeZone: timeZone || null } }),
    {
      changes: [api.fhir.path('Location')],
      onDone: (_, timeZone) =>
        tell(timeZone ? `It is ${nowText(timeZone)}.` : 'It uses the practice’s time zone.', { about: name }),
    },
  );
  const none = place.partOf ? 'Same as the location it’s part of' : `The practice’s: ${practiceZone}`;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_minmax(0,18rem)] items-center gap-3 px-3 py-2">
      <span className="truncate text-sm">{name}</span>
      <ZoneSelect
        tied={{ 'aria-label': `Time zone of ${name}` }}
        value={zone}
        disabled={save.pending}
        onChange={save.send}
        none={none}
      />
    </li>
  );
}
