// The door: login and password, or another house's sign-in where the site has one.

import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Problem, send } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import type { SessionView } from '../api/session.tsx';
import { Button } from '../ui/button.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { usePageTitle } from '../ui/page.tsx';
import { Failed } from '../ui/states.tsx';
import { Doorway } from './doorway.tsx';

interface Methods {
  readonly password: boolean;
  readonly oidc: { readonly name: string; readonly start: string } | null;
}

export function SignIn() {
  usePageTitle('Sign in');
  const client = useQueryClient();
  const methods = useApi<Methods>('/api/session/methods');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      const session = await send<SessionView>('POST', '/api/session', {
        body: { login: form.get('login'), password: form.get('password') },
      });
      client.setQueryData(['/api/session', {}], session);
    } catch (error) {
      setProblem(error instanceof Problem ? error : null);
    } finally {
      setBusy(false);
    }
  };
  const oidc = methods.data?.oidc;
  return (
    <Doorway title="Sign in">
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
        <Field label="Login">
          {(tied) => <TextInput {...tied} name="login" autoComplete="username" autoFocus required />}
        </Field>
        <Field label="Password">
          {(tied) => <TextInput {...tied} name="password" type="password" autoComplete="current-password" required />}
        </Field>
        {problem && <Failed problem={problem} />}
        <Button type="submit" look="primary" busy={busy} className="mt-1 h-9">
          Sign in
        </Button>
      </form>
      {oidc && (
        <a
          href={oidc.start}
          className="mt-3 flex h-9 items-center justify-center rounded-md border border-line-strong font-medium text-sm hover:bg-hover"
        >
          Sign in with {oidc.name}
        </a>
      )}
      <p className="mt-5 text-ink-3 text-xs">
        No login, or a forgotten password: an administrator makes a one-time link for you.
      </p>
    </Doorway>
  );
}
