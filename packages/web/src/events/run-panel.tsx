// One run of a handler, open at the side: what it answered, what it read and called, what it asked for and what came of
// that, what it wrote to its log, and why it failed.

import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { HostCall } from '@chartwire/client/internal/contract/execution';
import { Badge } from '../ui/badge.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { Json } from '../ui/json.tsx';
import { Facts } from '../ui/page.tsx';
import { exactText } from '../ui/time.tsx';
import { actorText, effectText, eventText, msText } from './event-words.ts';
import { Failure } from './failure.tsx';
import { LogLines } from './log-lines.tsx';
import { LINK, PatientLink, RecordLink } from './record-link.tsx';
import { EffectOutcome, RunState } from './run-words.tsx';
import type { Effect, Execution } from './shapes.ts';

export function RunPanel({ run, onClose }: { readonly run: Execution; readonly onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      place="side"
      title={run.handler}
      about={`${run.plugin} ${run.pluginVersion} · ${exactText(run.startedAt)}`}
    >
      <div className="flex flex-col gap-5">
        {run.error && <Failure error={run.error} />}
        <Answered run={run} />
        <Part title="Read and called" count={run.calls.length} none="No reads and no HTTP calls.">
          <Calls calls={run.calls} />
        </Part>
        <Part title="Asked for" count={run.effects.length} none="No effects.">
          <ul className="flex flex-col gap-2">
            {run.effects.map((effect, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an effect is known by its place
              <EffectItem key={index} effect={effect} />
            ))}
          </ul>
        </Part>
        <Part title="Log" count={run.logs.length} none="No log lines.">
          <LogLines lines={run.logs.map((line, index) => ({ ...line, id: String(index) }))} />
        </Part>
      </div>
    </Dialog>
  );
}

function Answered({ run: { input, event, state, ms, attempt } }: { readonly run: Execution }) {
  return (
    <div className="flex flex-col gap-2">
      <Facts
        facts={[
          ['Ended', <RunState key="state" state={state} />],
          ['Took', <span key="ms">{msText(ms)}</span>],
          attempt > 1 && ['Attempt', attempt],
          ['Answered', input && <Question input={input} event={event} />],
          ['About', input && <RecordLink reference={`${input.target.type}/${input.target.id}`} />],
          ['Patient', input?.patient && <PatientLink id={input.patient} />],
          ['Who', input && actorText(input.actor)],
        ]}
      />
      {input?.context && (
        <Disclosure title="Input">
          <Json value={input.context} label="Input of the handler" />
        </Disclosure>
      )}
    </div>
  );
}

function Question({ input, event }: { readonly input: NonNullable<Execution['input']>; readonly event: string }) {
  const text = eventText(input.type);
  if (!input.logged) return `${text} (a question)`;
  return (
    <Link href={`/events/${event}`} className={LINK}>
      {text}
    </Link>
  );
}

function Part({
  title,
  count,
  none,
  children,
}: {
  readonly title: string;
  readonly count: number;
  readonly none: string;
  readonly children: ReactNode;
}) {
  return (
    <section>
      <h3 className="mb-1.5 font-semibold text-ink-3 text-xs">
        {title} {count > 0 && <span className="font-normal tabular">{count}</span>}
      </h3>
      {count === 0 ? <p className="text-ink-3 text-sm">{none}</p> : children}
    </section>
  );
}

function Calls({ calls }: { readonly calls: readonly HostCall[] }) {
  return (
    <ul className="divide-y divide-line rounded-md border border-line">
      {calls.map(({ kind, request, outcome, ms, given }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a call is known by its place
        <li key={index} className="px-2.5 py-1.5 text-sm">
          <div className="flex items-start gap-2">
            <Badge>{kind}</Badge>
            <span className="min-w-0 flex-1 break-all font-mono text-xs leading-5">{request}</span>
            <Badge tone={/^(ok|2\d\d)$/.test(outcome) ? 'ok' : 'danger'}>{outcome}</Badge>
            <span className="w-14 shrink-0 text-right text-ink-3 text-xs leading-5 tabular">{msText(ms)}</span>
          </div>
          {given.length > 0 && (
            <Disclosure title={given.length === 1 ? 'One record was given' : `${given.length} records were given`}>
              <p className="break-all font-mono text-2xs text-ink-2">{given.join(', ')}</p>
            </Disclosure>
          )}
        </li>
      ))}
    </ul>
  );
}

function EffectItem({ effect: { type, outcome, references, error, payload } }: { readonly effect: Effect }) {
  return (
    <li className="rounded-md border border-line px-2.5 py-1.5 text-sm">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-medium">{effectText(type)}</span>
        <EffectOutcome outcome={outcome} />
        {references.map((reference) => (
          <RecordLink key={reference} reference={reference} />
        ))}
      </div>
      {error && (
        <p className="mt-1 break-words text-danger-text">
          {error.message} <span className="font-mono text-2xs">{error.code}</span>
        </p>
      )}
      <Disclosure title="Payload">
        <Json value={payload} label={`Payload of ${type}`} />
      </Disclosure>
    </li>
  );
}
