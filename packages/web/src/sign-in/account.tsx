// One's own account: the password, and the link to an identity provider.

import { type FormEvent, useState } from 'react';
import { Problem } from '@chartwire/client/internal/client/index';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { sessionEnd } from '../api/session-end.ts';
import { Button } from '../ui/button.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { Card, Facts, Page } from '../ui/page.tsx';
import { Failed, Loaded } from '../ui/states.tsx';
import { tell } from '../ui/toast.tsx';
import { LinkCard } from './link-card.tsx';
import { PASSWORD_HINT, SHORTEST_PASSWORD } from './welcome.tsx';

export default function Account() {
  const { user } = useSession();
  const ways = useApi(api.session.ways, {});
  return (
    <Page title="Account">
      <div className="flex max-w-xl flex-col gap-4 p-5">
        <Card title="Who you are here">
          <div className="p-3">
            <Facts
              facts={[
                ['Name', user.name],
                ['Login', user.login],
                ['Roles', user.roles.join(', ')],
              ]}
            />
          </div>
        </Card>
        <Loaded from={ways}>
          {({ password, identity }) => (
            <>
              <LinkCard identity={identity} password={password} onChange={() => void ways.refetch()} />
              <Card title="Change the password">
                {password ? (
                  <PasswordForm />
                ) : (
                  <p className="p-3 text-sm">
                    You have no password. If you want one, ask an administrator for a link to choose it.
                  </p>
                )}
              </Card>
            </>
          )}
        </Loaded>
      </div>
    </Page>
  );
}

function PasswordForm() {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [unlike, setUnlike] = useState(false);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const entered = new FormData(form);
    setUnlike(entered.get('next') !== entered.get('again'));
    if (entered.get('next') !== entered.get('again')) return;
    setBusy(true);
    setProblem(null);
    try {
      const body = { current: String(entered.get('current')), next: String(entered.get('next')) };
      await sessionEnd.renewing(() => api.session.password({ body }));
      form.reset();
      tell('The password is changed.', { about: 'You’re signed out everywhere else.' });
    } catch (error) {
      setProblem(Problem.of(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3 p-3">
      <Field label="Present password">
        {(tied) => <TextInput {...tied} name="current" type="password" autoComplete="current-password" required />}
      </Field>
      <Field label="New password" hint={PASSWORD_HINT}>
        {(tied) => (
          <TextInput
            {...tied}
            name="next"
            type="password"
            autoComplete="new-password"
            minLength={SHORTEST_PASSWORD}
            required
          />
        )}
      </Field>
      <Field label="Once more" error={unlike && 'The two are not the same.'}>
        {(tied) => <TextInput {...tied} name="again" type="password" autoComplete="new-password" required />}
      </Field>
      {problem && <Failed problem={problem} />}
      <Button type="submit" look="primary" busy={busy} className="self-start">
        Change it
      </Button>
    </form>
  );
}
