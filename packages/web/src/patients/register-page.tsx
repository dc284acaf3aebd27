// Registering a patient; while one types, those who may be the same person are shown.

import { UserRoundSearch } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { useWrite } from '../api/write.ts';
import { ageText, sexText } from '../fhir/words.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Failed } from '../ui/states.tsx';
import { submitting } from '../ui/submit.ts';
import { dayText } from '../ui/time.tsx';
import { tell } from '../ui/toast.tsx';
import { BLANK, type Demographics, withDemographics } from './demographics.ts';
import { DemographicsForm } from './demographics-form.tsx';

export default function RegisterPage() {
  const [, go] = useLocation();
  const [entered, setEntered] = useState<Demographics>(BLANK);
  const register = useWrite(
    (server) => server.fhir.create(withDemographics({ resourceType: 'Patient', active: true }, entered)),
    {
      shown: 'here',
      onDone: () => {
        tell('Patient registered.');
      },
      onHere: ({ id }) => go(`/patients/${id}`),
    },
  );
  const { problem } = register;
  return (
    <Page title="Register a patient">
      <form onSubmit={submitting(() => register.send())} className="flex max-w-3xl flex-col gap-4 p-5">
        <Card title="Who it is">
          <div className="p-3">
            <DemographicsForm entered={entered} onChange={setEntered} problem={problem} fresh />
          </div>
        </Card>
        <Likely entered={entered} />
        {problem && <Failed problem={problem} />}
        <div className="flex gap-2">
          <Button type="submit" look="primary" busy={register.pending}>
            Register
          </Button>
          <Button look="ghost" onClick={() => go('/patients')}>
            Cancel
          </Button>
        </div>
      </form>
    </Page>
  );
}

/** Whoever has about this name: with the same birth date it is likely the same person. */
function Likely({ entered: { given, family, birthDate, phone } }: { readonly entered: Demographics }) {
  const name = useDeferredValue(`${given} ${family}`.trim());
  const found = useApi(
    api.patients.find,
    { query: { query: name, limit: 5 } },
    { enabled: family.trim().length > 1 && given.trim().length > 1, keep: true },
  );
  const items = name === '' ? [] : (found.data?.items ?? []);
  if (items.length === 0) return null;
  return (
    <section
      role="status"
      aria-label="Possible duplicates"
      className="rounded-lg border border-warn/50 bg-warn-soft p-3"
    >
      <h2 className="mb-1 flex items-center gap-1.5 font-semibold text-sm text-warn-text">
        <UserRoundSearch aria-hidden className="size-4" />
        Is it one of these patients?
      </h2>
      <ul>
        {items.map((one) => (
          <li key={one.id}>
            <Link
              href={`/patients/${one.id}`}
              className="flex min-h-7 flex-wrap items-center gap-x-2.5 rounded-md px-1.5 text-sm hover:bg-surface/60"
            >
              <span className="font-medium">{one.name ?? 'No name'}</span>
              <span className="text-ink-2 tabular">
                {[sexText(one.sex), ageText(one.birthDate), dayText(one.birthDate), one.phone]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
              {birthDate !== '' && one.birthDate === birthDate && <Badge tone="danger">same birth date</Badge>}
              {phone !== '' && digits(one.phone) === digits(phone) && <Badge tone="danger">same phone</Badge>}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The last ten digits: with or without the country before them it is the same telephone. */
function digits(phone: string | null): string {
  return (phone ?? '').replace(/\D/g, '').slice(-10);
}
