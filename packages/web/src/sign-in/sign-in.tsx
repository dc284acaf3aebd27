// The door: login and password, or the identity provider where there is one. It stands at the page that was asked for,
// which is shown once somebody is in.

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { OIDC_ERRORS } from '@chartwire/sdk/internal/kit/errors/oidc';
import { Problem } from '@chartwire/client/internal/client/index';
import { api } from '../api/client.ts';
import { keyOf, useApi } from '../api/queries.ts';
import { useWrite } from '../api/write.ts';
import { Button } from '../ui/button.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { usePageTitle } from '../ui/page.tsx';
import { Failed } from '../ui/states.tsx';
import { submitting } from '../ui/submit.ts';
import { Doorway } from './doorway.tsx';

export function SignIn() {
  usePageTitle('Sign in');
  const client = useQueryClient();
  const methods = useApi(api.oidc.methods, {});
  const [refused, setRefused] = useState<Problem | null>(refusedBefore);
  useEffect(() => {
    // Told once: the address is that of the page again.
    if (refusedBefore()) window.history.replaceState(window.history.state, '', here());
  }, []);
  const signIn = useWrite(
    (server, form: HTMLFormElement) => {
      const entered = new FormData(form);
      // A blank comes with pasting; the server compares exactly.
      const login = String(entered.get('login')).trim();
      return server.session.create({ body: { login, password: String(entered.get('password')) } });
    },
    { shown: 'here', onDone: (session) => client.setQueryData(keyOf(api.session.get, {}), session) },
  );
  const submit = (form: HTMLFormElement): void => {
    setRefused(null);
    signIn.send(form);
  };
  const problem = signIn.problem ?? refused;
  const oidc = methods.data?.oidc;
  return (
    <Doorway title="Sign in">
      <form onSubmit={submitting(submit)} className="flex flex-col gap-3">
        <Field label="Login">
          {(tied) => <TextInput {...tied} name="login" autoComplete="username" autoFocus required />}
        </Field>
        <Field label="Password">
          {(tied) => <TextInput {...tied} name="password" type="password" autoComplete="current-password" required />}
        </Field>
        {problem && <Failed problem={problem} />}
        <Button type="submit" look="primary" busy={signIn.pending} className="mt-1 h-9">
          Sign in
        </Button>
      </form>
      {oidc && (
        <a
          href={`${oidc.start}?${new URLSearchParams({ to: here() })}`}
          className="mt-3 flex h-9 items-center justify-center rounded-md border border-line-strong font-medium text-sm hover:bg-hover"
        >
          Sign in with {oidc.name}
        </a>
      )}
      <p className="mt-5 text-ink-3 text-xs">
        No login yet, or forgot your password? An administrator can give you a one-time link.
      </p>
    </Doorway>
  );
}

/** The page that was asked for, as a path. */
function here(): string {
  const { pathname, search, hash } = window.location;
  const query = new URLSearchParams(search);
  query.delete('refused');
  return `${pathname}${query.size > 0 ? `?${query}` : ''}${hash}`;
}

/** Why the identity provider's answer let nobody in, by the code in the address; null when there is none that we know. */
function refusedBefore(): Problem | null {
  const code = new URLSearchParams(window.location.search).get('refused') ?? '';
  if (!Object.hasOwn(OIDC_ERRORS, code)) return null;
  const { status, sentence, next } = OIDC_ERRORS[code as keyof typeof OIDC_ERRORS];
  return new Problem({ status, detail: sentence, next });
}
