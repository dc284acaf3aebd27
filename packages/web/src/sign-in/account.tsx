// One's own account: the password, and the link to an identity provider.

import { useState } from 'react';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { sessionEnd } from '../api/session-end.ts';
import { useWrite } from '../api/write.ts';
import { Button } from '../ui/button.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { Card, Facts, Page } from '../ui/page.tsx';
import { Failed, Loaded } from '../ui/states.tsx';
import { submitting } from '../ui/submit.ts';
import { tell } from '../ui/toast.tsx';
import { LinkCard } from './link-card.tsx';
import { PASSWORD_HINT, SHORTEST_PASSWORD } from './welcome.tsx';

export default function Account() {
  const { user } = useSession();
  const ways = useApi(api.session.ways, {});
  return (
    <Page title="Account">
      <div className="flex max-w-xl flex-col gap-4 p-5">
        <Card title="Your user and password">
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
              <Card title="Password">
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
  const [unlike, setUnlike] = useState(false);
  const change = useWrite(
    (server, form: HTMLFormElement) => {
      const entered = new FormData(form);
      const body = { current: String(entered.get('current')), next: String(entered.get('next')) };
      return sessionEnd.renewing(() => server.session.password({ body }));
    },
    {
      shown: 'here',
      onDone: (_, form) => {
        form.reset();
        tell('Password changed.', { about: 'You’re signed out everywhere else.' });
      },
    },
  );
  const { problem } = change;
  const submit = (form: HTMLFormElement): void => {
    const entered = new FormData(form);
    const differ = entered.get('next') !== entered.get('again');
    setUnlike(differ);
    if (!differ) change.send(form);
  };
  return (
    <form onSubmit={submitting(submit)} className="flex flex-col gap-3 p-3">
      <Field label="Current password">
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
      <Field label="Confirm password" error={unlike && 'The passwords don’t match.'}>
        {(tied) => <TextInput {...tied} name="again" type="password" autoComplete="new-password" required />}
      </Field>
      {problem && <Failed problem={problem} />}
      <Button type="submit" look="primary" busy={change.pending} className="self-start">
        Change password
      </Button>
    </form>
  );
}
