// Where a one-time link leads: a password is chosen, and one is in. The link's token is behind the #, so no server logs it.

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api } from '../api/client.ts';
import { keyOf } from '../api/queries.ts';
import { useWrite } from '../api/write.ts';
import { Button } from '../ui/button.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { usePageTitle } from '../ui/page.tsx';
import { Failed } from '../ui/states.tsx';
import { submitting } from '../ui/submit.ts';
import { Doorway } from './doorway.tsx';

export const SHORTEST_PASSWORD = 12;
export const PASSWORD_HINT = `At least ${SHORTEST_PASSWORD} characters that are hard to guess, such as four unrelated words.`;

export function Welcome() {
  usePageTitle('Choose a password');
  const client = useQueryClient();
  const [, go] = useLocation();
  const [unlike, setUnlike] = useState(false);
  const token = window.location.hash.slice(1);
  const choose = useWrite(
    (server, form: HTMLFormElement) =>
      server.session.link({ body: { token, password: String(new FormData(form).get('password')) } }),
    {
      shown: 'here',
      onDone: (session) => {
        client.setQueryData(keyOf(api.session.get, {}), session);
        go('/', { replace: true });
      },
    },
  );
  const { problem } = choose;
  const submit = (form: HTMLFormElement): void => {
    const entered = new FormData(form);
    const differ = entered.get('password') !== entered.get('again');
    setUnlike(differ);
    if (!differ) choose.send(form);
  };
  if (token === '')
    return (
      <Doorway title="This link is incomplete">
        <p className="text-sm">
          Open the link again, exactly as you got it.{' '}
          <Link href="/" className="text-accent-text underline">
            Sign in
          </Link>{' '}
          if you already have a password.
        </p>
      </Doorway>
    );
  return (
    <Doorway title="Choose a password">
      <form onSubmit={submitting(submit)} className="flex flex-col gap-3">
        <Field label="New password" hint={PASSWORD_HINT}>
          {(tied) => (
            <TextInput
              {...tied}
              name="password"
              type="password"
              autoComplete="new-password"
              minLength={SHORTEST_PASSWORD}
              autoFocus
              required
            />
          )}
        </Field>
        <Field label="Confirm password" error={unlike && 'The passwords don’t match.'}>
          {(tied) => <TextInput {...tied} name="again" type="password" autoComplete="new-password" required />}
        </Field>
        {problem && <Failed problem={problem} />}
        <Button type="submit" look="primary" busy={choose.pending} className="mt-1 h-9">
          Set password and sign in
        </Button>
      </form>
    </Doorway>
  );
}
