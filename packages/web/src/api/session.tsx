// Who is signed in, and what they may do.

import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import type { Static } from 'typebox';
import { useLocation } from 'wouter';
import type { SessionShape } from '@chartwire/client/internal/contract/session';
import { type Permission, ScopeSet, UNLOCK_SCOPE } from '@chartwire/sdk/internal/kit/scopes';
import { holdZone } from '../ui/zone.ts';
import { clearJournal, holdJournalKey, settleJournal, unsentBy } from '../note/journal.ts';
import { Problem } from '@chartwire/client/internal/client/index';
import { api, holdSession, server } from './client.ts';
import { live } from './live.ts';
import { hear, keyOf, queries, useApi } from './queries.ts';
import { sessionEnd, useWhyEnded, type Why } from './session-end.ts';

/** Who is signed in, and how, as the server says it. */
export type SessionView = Static<typeof SessionShape>;
export type User = SessionView['user'];

interface Session {
  readonly user: User;
  /** Whether they may do this with records of a type. */
  may(type: string, permission: Permission): boolean;
  readonly admin: boolean;
  /** Whether they may unlock the notes of others, where they may write notes. */
  readonly unlock: boolean;
  /** False, and nobody left, where something written could not be sent; `losing` it is what somebody has to say. */
  signOut(how?: { readonly losing: boolean }): Promise<boolean>;
}

const KEY = keyOf(api.session.get, {});

// Nothing of a patient stays behind for the next who sits down.
sessionEnd.forgetting(() => queries.clear());
sessionEnd.asking(async () => {
  try {
    askedAgain(await api.session.get());
  } catch (error) {
    // Over, which everybody knows by then, or nobody is there to say.
    if (!(error instanceof Problem)) throw error;
  }
});

function askedAgain(now: SessionView): void {
  const before = queries.getQueryData<SessionView>(KEY);
  // What is heard goes on from where it was.
  queries.setQueryData<SessionView>(KEY, before ? { ...now, cursor: before.cursor } : now);
  if (!before || before.scopes.join() === now.scopes.join()) return;
  // Other roles since: what was read with the former ones is read again.
  void queries.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
}

/** The practice has another time zone from now on. */
export function zoneChanged(timeZone: string): void {
  queries.setQueryData<SessionView>(KEY, (before) => before && { ...before, timeZone });
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
  const why = useWhyEnded();
  const { data, error } = useApi(api.session.get, {}, { staleTime: Number.POSITIVE_INFINITY, enabled: !why });
  useBegun(data);
  useLeft(why);
  if (data && why === null) {
    holdSession(data.csrf);
    holdJournalKey(data.user.id, data.draftKey);
    holdZone(data.timeZone);
  }
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
  const session = useMemo(() => data && sessionOf(data), [data]);
  if (why !== null || (error instanceof Problem && error.status === 401)) return signIn;
  if (!session) return waiting(error);
  // In another time zone all days and times are drawn anew.
  return (
    <Signed key={data?.timeZone} value={session}>
      {children}
    </Signed>
  );
}

/** Whoever signs in after another finds the first page, not that of the other; who comes back finds theirs. */
function useBegun(data: SessionView | undefined): void {
  const [, go] = useLocation();
  useEffect(() => {
    if (data && sessionEnd.began(data.user.id)) go('/', { replace: true });
  }, [data, go]);
}

/** Who leaves on purpose leaves the page, too. */
function useLeft(why: Why | null): void {
  const [, go] = useLocation();
  useEffect(() => {
    if (why === 'signed-out') go('/', { replace: true });
  }, [why, go]);
}

function sessionOf({ user, scopes }: SessionView): Session {
  const held = new ScopeSet(scopes);
  return {
    user,
    admin: held.admin,
    unlock: held.holds(UNLOCK_SCOPE),
    may: (type, permission) => held.allows(type, permission),
    signOut: async ({ losing } = { losing: false }) => {
      if (!losing) {
        await settleJournal();
        if (unsentBy(user.id).length > 0) return false;
      }
      await sessionEnd.leaving(() =>
        server.session.delete().catch((error: unknown) => {
          // It was over already.
          if (!(error instanceof Problem && error.status === 401)) throw error;
        }),
      );
      clearJournal(user.id);
      return true;
    },
  };
}
