// One provider's day, with a line where now is.

import { Fragment, useEffect, useState } from 'react';
import type { Slot } from '@chartwire/client/internal/contract/schedule';
import { Entry } from '../ui/entry.tsx';
import { Card } from '../ui/page.tsx';
import { clockText } from '../ui/time.tsx';
import { type SlotActions, SlotRow } from './slot-row.tsx';

export function ProviderDay({
  name,
  slots,
  actions,
  changing,
  today,
}: {
  readonly name: string;
  readonly slots: readonly Slot[];
  readonly actions: SlotActions;
  /** The appointment that is being changed. */
  readonly changing: string | null;
  readonly today: boolean;
}) {
  const now = useNow();
  const next = today ? slots.findIndex(({ start }) => start > now) : -1;
  if (slots.length === 0) return null;
  return (
    <Card title={name} count={slots.filter(({ status }) => status !== 'cancelled').length}>
      <ul>
        {slots.map((slot, index) => (
          <Fragment key={slot.id}>
            {index === next && index > 0 && <Now at={now} />}
            <Entry of={slot} type="Appointment">
              {() => <SlotRow slot={slot} actions={actions} busy={changing === slot.id} />}
            </Entry>
          </Fragment>
        ))}
      </ul>
    </Card>
  );
}

function Now({ at }: { readonly at: string }) {
  return (
    <li className="relative h-0">
      <span className="absolute inset-x-0 -top-px h-0.5 bg-danger" />
      <span className="absolute -top-2.5 right-3 rounded-sm bg-danger px-1 font-medium text-2xs text-surface">
        now, {clockText(at)}
      </span>
    </li>
  );
}

/** The time, to the minute. */
function useNow(): string {
  const [now, setNow] = useState(() => new Date().toISOString());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date().toISOString()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
