// Who is signed in, and what they may do.

import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo } from 'react';
import { type Permission, ScopeSet } from '#kit/scopes.ts';
import { clearJournal, settleJournal, unsentBy } from '../note/journal.ts';
import { holdSession, Problem, send } from './client.ts';
import { live } from './live.ts';
import { hear, useApi } from './queries.ts';

export interface User {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** FHIR id of the Practitioner who they are. */
  readonly practitioner: string | null;
}

export interface SessionView {
  readonly user: User;
  readonly scopes: readonly string[];
  readonly csrf: string;
  readonly expiresAt: string;
  readonly cursor: string;
}

interface Session {
  readonly user: User;
  /** Whether they may do this with records of a type. */
  may(type: string, permission: Permission): boolean;
  readonly admin: boolean;
  /** False, and nobody left, where something written could not be sent; `losing` it is what somebody has to say. */
  signOut(how?: { readonly losing: boolean }): Promise<boolean>;
}

const Signed = createContext<Session | null>(null);

/** The session of whoever is signed in; only below `SessionGate`. */
export function useSession(): Session {
  const session = useContext(Signed);
  if (!session) throw new Error('useSession is used outside SessionGate');
  return session;
}

/** Shows `signIn` to whoever is not signed in, and `children` to who is. */
export function SessionGate({
  signIn,
  waiting,
  children,
}: {
  readonly signIn: ReactNode;
  readonly waiting: (problem: Problem | null) => ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const client = useQueryClient();
  const { data, error } = useApi<SessionView>('/api/session', {}, { staleTime: Number.POSITIVE_INFINITY });
  const signedOut = useCallback(() => {
    // Nothing of a patient stays behind for the next who sits down.
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== '/api/session' });
    void client.resetQueries({ queryKey: ['/api/session'] });
  }, [client]);
  if (data) holdSession(data.csrf, signedOut);
  const user = data?.user.id;
  const cursor = data?.cursor;
  useEffect(() => {
    if (!user || cursor === undefined) return;
    // All that is read is read after the session was: nothing changes unheard in between.
    const stop = live.start(cursor);
    const forget = live.listen(hear);
    return () => {
      forget();
      stop();
    };
  }, [user, cursor]);
  const session = useMemo(() => data && sessionOf(data, signedOut), [data, signedOut]);
  if (error instanceof Problem && error.status === 401) return signIn;
  if (!session) return waiting(error);
  return <Signed value={session}>{children}</Signed>;
}

function sessionOf({ user, scopes }: SessionView, signedOut: () => void): Session {
  const held = new ScopeSet(scopes);
  return {
    user,
    admin: held.admin,
    may: (type, permission) => held.allows(type, permission),
    signOut: async ({ losing } = { losing: false }) => {
      if (!losing) {
        await settleJournal();
        if (unsentBy(user.id).length > 0) return false;
      }
      await send('DELETE', '/api/session');
      clearJournal(user.id);
      signedOut();
      return true;
    },
  };
}
