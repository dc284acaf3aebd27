// Looks after what somebody wrote and left before it came to the server: as soon as they are signed in and the server is
// there, it is sent, whether its note is open or not.

import { type ReactNode, useEffect, useState } from 'react';
import { live } from '../api/live.ts';
import { useSession } from '../api/session.tsx';
import { apart } from '../ui/apart.tsx';
import { unsentBy } from './journal.ts';

const SendKept = apart(() => import('./send-kept.tsx'), null);

/** Milliseconds between looks: a note may have been left while the server was away for it alone. */
const AGAIN_MS = 30_000;

export function KeptWork(): ReactNode {
  const { user } = useSession();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const look = (): void => {
      if (unsentBy(user.id).length > 0) setTurn((before) => before + 1);
    };
    look();
    const timer = window.setInterval(look, AGAIN_MS);
    const unwatch = live.watch(() => live.line === 'live' && look());
    return () => {
      window.clearInterval(timer);
      unwatch();
    };
  }, [user.id]);
  return turn > 0 && <SendKept turn={turn} />;
}
