// An event's whole story as a tree: what began it at the top, and below each event the gates before it, the handlers that
// answered, what they asked for, and the events that came of it. The event that is looked at is marked.

import { CircleDot, CornerDownRight, Hourglass, Puzzle, ShieldCheck } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { classes } from '../ui/classes.ts';
import { clockText, exactText } from '../ui/time.tsx';
import { actorText, effectText, eventText, msText, typeText } from './event-words.ts';
import { RecordLink } from './record-link.tsx';
import { CheckOutcome, DeliveryState, EffectOutcome, RunState } from './run-words.tsx';
import type { BriefEvent, Check, Delivery } from './shapes.ts';
import type { Branch } from './tree.ts';

const LINE = 'flex min-h-7 flex-wrap items-center gap-x-2 gap-y-0.5 rounded-md px-1.5 py-0.5 text-sm';
const BELOW = 'ml-3 border-line border-l pl-3';
const ICON = 'size-3.5 shrink-0';

export function StoryTree({ branch, current }: { readonly branch: Branch; readonly current: string }) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys go from link to link inside
    <div onKeyDown={goBeside}>
      <ul aria-label="The story">
        <EventBranch branch={branch} current={current} />
      </ul>
    </div>
  );
}

/** Up and down go from event to event, whichever stands beside whichever. */
function goBeside(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (step === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('a[data-event]')];
  const at = links.indexOf(document.activeElement as HTMLElement);
  links[at < 0 ? 0 : at + step]?.focus();
  event.preventDefault();
}

function EventBranch({ branch, current }: { readonly branch: Branch; readonly current: string }) {
  const { event, checks, runs, open, others } = branch;
  return (
    <li>
      <EventLine event={event} here={event.id === current} />
      <ul className={BELOW}>
        {checks.map((check) => (
          <CheckLine key={`${check.check} ${check.event}`} check={check} event={event.id} />
        ))}
        {runs.map((run) => (
          <li key={run.id}>
            <Line icon={<Puzzle aria-hidden className={classes(ICON, 'text-plugin-text')} />}>
              <Link href={`/events/${event.id}?run=${run.id}`} className="font-medium text-plugin-text hover:underline">
                {run.plugin} <span className="font-normal">· {run.handler}</span>
              </Link>
              <RunState state={run.state} />
              <span className="text-ink-3 text-xs tabular">
                {msText(run.ms)}
                {run.attempt > 1 && ` · attempt ${run.attempt}`}
              </span>
              {run.error && !run.effects.some(({ error }) => error?.message === run.error?.message) && (
                <span className="min-w-0 basis-full pl-5.5 text-danger-text">{run.error.message}</span>
              )}
              {run.state === 'completed' && run.effects.length === 0 && (
                <span className="text-ink-3 text-xs">no effects</span>
              )}
            </Line>
            <ul className={BELOW}>
              {run.effects.map(({ type, outcome, references, error, caused }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: an effect is known by its place
                <li key={index}>
                  <Line icon={<CornerDownRight aria-hidden className={classes(ICON, 'text-ink-3')} />}>
                    <span>{effectText(type)}</span>
                    <EffectOutcome outcome={outcome} />
                    {references.map((reference) => (
                      <RecordLink key={reference} reference={reference} />
                    ))}
                    {error && <span className="min-w-0 basis-full pl-5.5 text-danger-text">{error.message}</span>}
                  </Line>
                  <Branches branches={caused} current={current} />
                </li>
              ))}
            </ul>
          </li>
        ))}
        {open.map((delivery) => (
          <OpenLine key={delivery.id} delivery={delivery} />
        ))}
        {others.map((other) => (
          <EventBranch key={other.event.id} branch={other} current={current} />
        ))}
      </ul>
    </li>
  );
}

function Branches({ branches, current }: { readonly branches: readonly Branch[]; readonly current: string }) {
  if (branches.length === 0) return null;
  return (
    <ul className={BELOW}>
      {branches.map((branch) => (
        <EventBranch key={branch.event.id} branch={branch} current={current} />
      ))}
    </ul>
  );
}

function EventLine({ event, here }: { readonly event: BriefEvent; readonly here: boolean }) {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (here) link.current?.scrollIntoView({ block: 'nearest' });
  }, [here]);
  const { id, type, target, actor, at } = event;
  return (
    <div className={classes(LINE, here && 'bg-accent-soft')}>
      <CircleDot aria-hidden className={classes(ICON, here ? 'text-accent-text' : 'text-ink-3')} />
      <Link
        ref={link}
        data-event
        href={`/events/${id}`}
        aria-current={here ? 'true' : undefined}
        title={type}
        className="font-medium hover:underline"
      >
        {eventText(type)}
      </Link>
      <span className="text-ink-3 text-xs">
        {typeText(target.type)} · {actorText(actor)} ·{' '}
        <time dateTime={at} title={exactText(at)}>
          {clockText(at)}
        </time>
      </span>
    </div>
  );
}

function CheckLine({ check, event }: { readonly check: Check; readonly event: string }) {
  const { check: name, outcome, message, field, ms, execution } = check;
  const words = name.replace('/', ' · ');
  return (
    <li>
      <Line icon={<ShieldCheck aria-hidden className={classes(ICON, 'text-plugin-text')} />}>
        <span className="text-ink-3 text-xs">gates</span>
        {execution ? (
          <Link href={`/events/${event}?run=${execution}`} className="font-medium text-plugin-text hover:underline">
            {words}
          </Link>
        ) : (
          <span className="font-medium text-plugin-text">{words}</span>
        )}
        <CheckOutcome outcome={outcome} />
        <span className="text-ink-3 text-xs tabular">{msText(ms)}</span>
        {message && (
          <span className="min-w-0 basis-full pl-5.5">
            {field && <span className="text-ink-3">{field}: </span>}
            {message}
          </span>
        )}
      </Line>
    </li>
  );
}

function OpenLine({ delivery }: { readonly delivery: Delivery }) {
  const { plugin, handler, state, attempts, nextAt, error } = delivery;
  return (
    <li>
      <Line icon={<Hourglass aria-hidden className={classes(ICON, 'text-ink-3')} />}>
        <span className="font-medium text-plugin-text">
          {plugin} <span className="font-normal">· {handler}</span>
        </span>
        <DeliveryState state={state} />
        <span className="text-ink-3 text-xs">
          {attempts > 0 && `after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`}
          {nextAt && `, next ${exactText(nextAt)}`}
        </span>
        {state === 'dead' && (
          <Link href={`/plugins/${plugin}?tab=dead`} className="text-accent-text text-xs hover:underline">
            Retry
          </Link>
        )}
        {error && state !== 'dead' && (
          <span className="min-w-0 basis-full pl-5.5 text-danger-text">{error.message}</span>
        )}
      </Line>
    </li>
  );
}

function Line({ icon, children }: { readonly icon: ReactNode; readonly children: ReactNode }) {
  return (
    <div className={LINE}>
      {icon}
      {children}
    </div>
  );
}
