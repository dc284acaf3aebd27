// Where a one-time link leads: a password is chosen, and one is in. The link's token is behind the #, so no server logs it.

import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Problem } from '@chartwire/client/internal/client/index';
import { api } from '../api/client.ts';
import { keyOf } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { usePageTitle } from '../ui/page.tsx';
import { Failed } from '../ui/states.tsx';
import { Doorway } from './doorway.tsx';

export const SHORTEST_PASSWORD = 12;
export const PASSWORD_HINT = `At least ${SHORTEST_PASSWORD} characters, and hard to guess: four words that have nothing to do with each other are good.`;

export function Welcome() {
  usePageTitle('Choose a password');
  const client = useQueryClient();
  const [, go] = useLocation();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [unlike, setUnlike] = useState(false);
  const [busy, setBusy] = useState(false);
  const token = window.location.hash.slice(1);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setUnlike(form.get('password') !== form.get('again'));
    if (form.get('password') !== form.get('again')) return;
    setBusy(true);
    setProblem(null);
    try {
      const session = await api.session.link({ body: { token, password: String(form.get('password')) } });
      client.setQueryData(keyOf(api.session.get, {}), session);
      go('/', { replace: true });
    } catch (error) {
      setProblem(Problem.of(error));
      setBusy(false);
    }
  };
  if (token === '')
    return (
      <Doorway title="This link is incomplete">
        <p className="text-sm">
          Open it again exactly as you got it.{' '}
          <Link href="/" className="text-accent-text underline">
            Sign in
          </Link>{' '}
          if you already have a password.
        </p>
      </Doorway>
    );
  return (
    <Doorway title="Choose a password">
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
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
        <Field label="Once more" error={unlike && 'The two are not the same.'}>
          {(tied) => <TextInput {...tied} name="again" type="password" autoComplete="new-password" required />}
        </Field>
        {problem && <Failed problem={problem} />}
        <Button type="submit" look="primary" busy={busy} className="mt-1 h-9">
          Set the password and sign in
        </Button>
      </form>
    </Doorway>
  );
}
