// Who the patient is on paper: demographics, whom to call, who pays, what was agreed to.

import type { Patient } from '@medplum/fhirtypes';
import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import { useLocation, useParams } from 'wouter';
import { useSession } from '../api/session.tsx';
import { useWrite } from '../api/write.ts';
import { type Chart, useChart } from '../chart/chart-data.ts';
import { MergedChart } from '../chart/merged-chart.tsx';
import { nameText } from '../fhir/words.ts';
import { useShortcut } from '../shell/shortcuts.tsx';
import { Button } from '../ui/button.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Failed, Loaded, Skeleton } from '../ui/states.tsx';
import { submitting } from '../ui/submit.ts';
import { tell } from '../ui/toast.tsx';
import { CareTeams } from './care-teams.tsx';
import { Consents } from './consents.tsx';
import { Contacts } from './contacts.tsx';
import { Coverages } from './coverages.tsx';
import { demographicsOf, withDemographics } from './demographics.ts';
import { DemographicsForm } from './demographics-form.tsx';
import { Merges } from './merges.tsx';

export default function ProfilePage() {
  const { id = '' } = useParams<{ id: string }>();
  const chart = useChart(id);
  return (
    <Loaded from={chart} skeleton={<Skeleton lines={8} />}>
      {(data) =>
        data.mergedInto ? (
          <MergedChart chart={data} into={data.mergedInto} rest="profile" />
        ) : (
          <Profile key={id} chart={data} />
        )
      }
    </Loaded>
  );
}

function Profile({ chart }: { readonly chart: Chart }) {
  const [, go] = useLocation();
  const { id, name } = chart.patient;
  const back = (): void => go(`/patients/${id}`);
  useShortcut({ keys: 'escape', label: 'Back to the chart', group: 'Profile' }, back);
  return (
    <Page
      title={nameText(name)}
      about="Profile"
      actions={
        <Button icon={ArrowLeft} onClick={back}>
          Chart
        </Button>
      }
    >
      <div className="grid max-w-6xl items-start gap-4 p-5 xl:grid-cols-2">
        <About chart={chart} />
        <div className="flex flex-col gap-4">
          <Contacts patient={chart.patient} />
          <Coverages chart={chart} />
          <Consents chart={chart} />
          <CareTeams chart={chart} />
          <Merges patient={chart.patient} />
        </div>
      </div>
    </Page>
  );
}

function About({ chart: { patient } }: { readonly chart: Chart }) {
  const { may } = useSession();
  const [entered, setEntered] = useState(() => demographicsOf(patient));
  // What was seen when the form was opened: a change of somebody else since then is a conflict, not lost.
  const [seen, setSeen] = useState<Patient>(patient);
  const changed = JSON.stringify(entered) !== JSON.stringify(demographicsOf(seen));
  const behind = seen.meta?.versionId !== patient.meta?.versionId;
  const begin = (from: Patient): void => {
    setSeen(from);
    setEntered(demographicsOf(from));
  };
  const save = useWrite((server) => server.fhir.update(withDemographics(seen, entered), seen), {
    shown: 'here',
    onDone: (saved) => {
      begin(saved);
      tell('Saved.');
    },
  });
  const { problem } = save;
  const beginAnew = (): void => {
    begin(patient);
    save.forget();
  };
  if (behind && !changed) begin(patient);
  return (
    <Card title="Demographics">
      <form onSubmit={submitting(() => save.send())} className="flex flex-col gap-3 p-3">
        <fieldset disabled={!may('Patient', 'u')} className="contents">
          <DemographicsForm entered={entered} onChange={setEntered} problem={problem} />
        </fieldset>
        {behind && changed && (
          <p role="status" className="rounded-md bg-warn-soft px-2.5 py-1.5 text-sm text-warn-text">
            Someone else changed this patient in the meantime.{' '}
            <button type="button" onClick={beginAnew} className="font-medium underline">
              Show their changes
            </button>{' '}
            (your changes here are lost)
          </p>
        )}
        {problem && <Failed problem={problem} />}
        <div className="flex gap-2">
          <Button type="submit" look="primary" busy={save.pending} disabled={!changed}>
            Save
          </Button>
          {changed && (
            <Button look="ghost" onClick={beginAnew}>
              Undo
            </Button>
          )}
        </div>
      </form>
    </Card>
  );
}
