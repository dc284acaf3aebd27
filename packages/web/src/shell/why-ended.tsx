// At the sign-in: why it is there although somebody was signed in.

import { Lock } from 'lucide-react';
import { useWhyEnded, type Why } from '../api/session-end.ts';

const SAID: Readonly<Record<Why, { readonly what: string; readonly next: string }>> = {
  expired: {
    what: 'Your session has expired.',
    next: 'This browser wasn’t used for a while. Sign in to continue where you were.',
  },
  ended: {
    what: 'Your session has ended.',
    next: 'Sign in to continue where you were. If you can’t, ask an administrator.',
  },
  'signed-out': { what: 'You are signed out.', next: 'Every tab of this browser is cleared.' },
};

export function WhyEnded() {
  const why = useWhyEnded();
  if (why === null) return null;
  const { what, next } = SAID[why];
  return (
    <div
      role="status"
      className="mb-4 flex items-start gap-2.5 rounded-lg border border-line bg-sunken px-3 py-2.5 text-sm"
    >
      <Lock aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" />
      <div className="min-w-0">
        <p className="font-medium">{what}</p>
        <p className="text-ink-2">{next}</p>
      </div>
    </div>
  );
}
