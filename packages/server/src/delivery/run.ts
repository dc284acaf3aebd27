// One delivery, run: the handler is called, its effects are applied, and both end in one transaction.

import { randomFillSync } from 'node:crypto';
import type { Commands } from '#chart/commands/commands.ts';
import type { Chart } from '#chart/contract.ts';
import type { Origin } from '#chart/origin.ts';
import type { ChartDraft } from '#chart/draft.ts';
import { applyEffects, EffectsRefused, outcomesOfRefusal } from '#chart/effects.ts';
import { createNote, moveNote } from '#chart/notes.ts';
import { ChangeRefused } from '#chart/unit.ts';
import type { CommandPort } from '@chartwire/sdk/internal/effects/port';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Target } from '@chartwire/sdk/internal/kit/event';
import { uuidv7 } from '@chartwire/sdk/internal/kit/ids';
import type { ScopeSet } from '@chartwire/sdk/internal/kit/scopes';
import type { HandlerResult, HostServices, PluginHost } from '#plugin-host/contract.ts';
import type { Manifest } from '#plugin-host/manifest.ts';
import type { Completion, EffectOutcome, ExecutionWrite, StoredEvent } from '#store/contract.ts';
import { chainOf, chainThrough, turnsOf } from './chain.ts';
import type { RequestWrites } from '#store/outgoing.ts';
import { viewOf } from './event-view.ts';
import { DELIVERY, gaveUp } from './own-events.ts';
import { deliveryTrail } from './plugin-trail.ts';
import { pluginAuthority } from './services.ts';
import { withAnswer } from './outgoing/answer.ts';
import { type QueueServices, RunQueue } from './outgoing/queue.ts';
import type { Requests } from './outgoing/requests.ts';
import type { Subscription } from './subscriptions.ts';
import type { FairShares } from './shares.ts';
import { reasonNotWritten } from './unwritten.ts';

/** How a delivery's run ended, before it is known what becomes of the delivery. */
export type Verdict =
  | { readonly state: 'completed' }
  | {
      readonly state: 'failed';
      readonly retryable: boolean;
      /** How long to wait at least until it is tried again. */
      readonly afterMs: number;
      readonly error: { code: string; message: string };
    };

/** What a plugin may do and is given; looked up anew for each call, so that a change holds at once. */
export interface PluginGrant {
  readonly version: string;
  readonly manifest: Manifest;
  /** Of the plugin's row in its table. */
  readonly revision: string;
  readonly scopes: ScopeSet;
  readonly variables: Readonly<Record<string, { value: string; sensitive: boolean }>>;
}

/** What calling a handler takes. */
export interface CallServices {
  readonly host: PluginHost;
  grant(plugin: string): PluginGrant | undefined;
  /** What a handler may ask while it runs, on the authority of `origin`. */
  services(origin: Origin): HostServices;
  /** Puts on record that the handler of `origin` is given an event. */
  told(origin: Origin, event: { type: string; target: Target; patient: string | null }): Promise<void>;
  /** Keeps what the handler logged; called once the execution is written, or where there is none. */
  log(plugin: string, handler: string, execution: string | null, lines: HandlerResult['logs']): void;
  now(): number;
  /** The practice's time zone. */
  timeZone(): Promise<string>;
}

/** What a run takes: a call, and what the handler's effects do. */
export interface RunServices extends CallServices {
  readonly chart: Chart;
  readonly commands: Commands;
  /** Whether a patient's chart was merged into another one. */
  isMerged(patient: string): Promise<boolean>;
  /** Requests to other systems, which handlers return as effects. */
  readonly outgoing: { readonly http: QueueServices['http']; readonly requests: Requests };
  /** Turns at applying what handlers returned. */
  readonly turns: FairShares;
}

export interface Delivery {
  readonly subscription: Subscription;
  readonly event: StoredEvent;
  /** From 1. */
  readonly attempt: number;
  /** What becomes of the delivery, by how its run ended. */
  completion(verdict: Verdict): Completion;
  /** Whether a run that ends so is the last. */
  isLast(verdict: Verdict): boolean;
}

/** Thrown when the plugin is not run just now, through no fault of the event: nothing was written, it stays owed. */
export class DeliveryPaused extends Error {
  override readonly name = 'DeliveryPaused';
}

/** Ends of a call that say nothing of the event: it is run again when they are over, and counts no attempt. */
const NO_FAULT_OF_THE_EVENT: ReadonlySet<string> = new Set(['handler.quarantined', 'handler.unavailable']);

/** Refusals of effects that may be over by the next try; what else the plugin asked for will not become right. */
const PASSING: ReadonlySet<string> = new Set(['record.conflict', 'outgoing.full']);

/** Failures that another try won't mend: the handler says so, or what it asks for is refused. All others are tried again. */
const FINAL: ReadonlySet<string> = new Set(['handler.gave-up', 'handler.limit', 'handler.output']);

/**
 * Runs a delivery to its end and writes that end. Rejects only when nothing was written: with `DeliveryPaused`, with
 * `FenceLost`, or when the database is away.
 */
export async function runDelivery(services: RunServices, delivery: Delivery): Promise<Verdict> {
  const { subscription, event } = delivery;
  const execution = uuidv7(services.now(), randomFillSync);
  const startedAt = new Date(services.now()).toISOString();
  const grant = services.grant(subscription.plugin);
  // It is loaded, or replaced by what is subscribed, in a moment: plugin-follower.ts.
  if (grant?.revision !== subscription.revision)
    throw new DeliveryPaused('the plugin is not loaded as it is installed');
  const origin = originOf(delivery, execution, grant);
  const recorded: Origin = { ...origin, trail: deliveryTrail(origin, event) };
  const called = await callHandler(services, delivery, origin, grant);
  if (called.error && NO_FAULT_OF_THE_EVENT.has(called.error.code)) throw new DeliveryPaused(called.error.message);
  const logs = [...called.logs];
  const outcome = new Outcome(called);
  // What it was about moved while the handler looked: it is told again, of the chart where that is now.
  const moved = async (): Promise<boolean> =>
    event.patient !== null && patientNow(event) === event.patient && services.isMerged(event.patient);
  if (called.error && (await moved())) outcome.tryAgain();
  const queue = new RunQueue(
    { ...services.outgoing, now: services.now },
    {
      manifest: grant.manifest,
      variables: grant.variables,
      patient: patientNow(event),
      note: event.note,
      cause: origin.cause!,
      depth: origin.depth!,
    },
  );
  const record = (): { executions: ExecutionWrite[]; completions: Completion[]; requests?: RequestWrites } => ({
    executions: [
      {
        id: execution,
        delivery: { subscription: subscription.id, event: event.id },
        plugin: subscription.plugin,
        pluginVersion: grant.version,
        handler: subscription.handler,
        attempt: delivery.attempt,
        state: outcome.verdict.state,
        startedAt,
        ms: called.ms,
        error: outcome.error,
        calls: outcome.brief ? [] : called.calls,
        effects: outcome.effects,
        logs: outcome.brief ? [] : logs,
      },
    ],
    completions: [delivery.completion(outcome.verdict)],
    ...(queue.queued.length > 0 && { requests: { queued: queue.queued, ended: [] } }),
  });
  const apply = async (draft: ChartDraft): Promise<void> => {
    if (called.effects.length === 0) return;
    logs.splice(called.logs.length);
    queue.clear();
    outcome.effects = await applyEffects(draft, called.effects, {
      plugin: subscription.plugin,
      handler: subscription.handler,
      execution,
      event: { id: event.id, type: event.type, patient: patientNow(event), note: event.note },
      commands: commandPort(services.commands, draft, origin),
      queue: (request) => queue.add(request, draft.effect ?? 0),
      log: (level, message) => void logs.push({ level, message, at: new Date(services.now()).toISOString() }),
    });
  };
  const write = (work: (draft: ChartDraft) => Promise<void>) => {
    const { verdict } = outcome;
    const told =
      verdict.state === 'failed' && delivery.isLast(verdict)
        ? gaveUp(subscription, event, { attempts: delivery.attempt, code: verdict.error.code })
        : undefined;
    const by = told ? { ...recorded, ...told.by } : recorded;
    return services.chart.withChart(by, work, { finish: record, ...(told && { emit: [told.event] }) });
  };
  await services.turns.do(subscription.plugin, event.chart, async () => {
    try {
      await write(apply);
    } catch (error) {
      outcome.takeIn(error, called);
      queue.clear();
      if (await moved()) outcome.tryAgain();
      try {
        await write(async () => {});
      } catch (again) {
        // What it said may be what can't be written: the end is kept without it.
        outcome.fail(again);
        await write(async () => {});
      }
    }
  });
  if (queue.queued.length > 0) services.outgoing.requests.onDue();
  services.log(subscription.plugin, subscription.handler, execution, [...logs, ...outcome.lines(services.now())]);
  return outcome.verdict;
}

/** Ends a delivery as a dead letter, without a run. */
export async function giveUp(
  { chart, log, now }: Pick<RunServices, 'chart' | 'log' | 'now'>,
  { subscription, event, completion }: Pick<Delivery, 'subscription' | 'event' | 'completion'>,
  verdict: Extract<Verdict, { state: 'failed' }> & { readonly loop: string },
): Promise<void> {
  const { error, loop } = verdict;
  const told = gaveUp(subscription, event, { attempts: 0, code: error.code, loop });
  const finish = () => ({ executions: [], completions: [completion(verdict)] });
  await chart.withChart({ ...DELIVERY, ...told?.by }, async () => {}, { finish, ...(told && { emit: [told.event] }) });
  const line = {
    level: 'error',
    message: `${error.code}: ${error.message}`,
    at: new Date(now()).toISOString(),
  } as const;
  log(subscription.plugin, subscription.handler, null, [line]);
}

/** What the execution will say; changed when its effects are refused. */
class Outcome {
  verdict: Verdict;
  error: ExecutionWrite['error'];
  effects: readonly EffectOutcome[] = [];
  /** Kept without what the handler said. */
  brief = false;

  constructor(called: HandlerResult) {
    this.error = called.error;
    this.verdict = called.error
      ? {
          state: 'failed',
          retryable: called.retryable || !FINAL.has(called.error.code),
          afterMs: called.retryAfterMs,
          error: called.error,
        }
      : { state: 'completed' };
  }

  /** Takes in why nothing was applied. Throws what is neither a refusal nor known to have written nothing. */
  takeIn(error: unknown, called: HandlerResult): void {
    if (error instanceof EffectsRefused) this.#refused(error.refusal, error.outcomes);
    else if (error instanceof ChangeRefused) {
      this.#refused(error.refusal, outcomesOfRefusal(called.effects, error.effect, error.refusal));
    } else if (error instanceof Refusal) this.#refused(error, outcomesOfRefusal(called.effects, undefined, error));
    else {
      this.fail(error);
      this.brief = false;
    }
  }

  /** Applying is an attempt: one that can't be written fails like any other, and is tried again. */
  fail(error: unknown): void {
    const reason = reasonNotWritten(error);
    if (reason === undefined) throw error;
    const { code, message, next } = new Refusal('delivery.unwritten', { reason });
    this.error = { code, message: `${message} ${next}` };
    this.effects = [];
    this.brief = true;
    this.verdict = { state: 'failed', retryable: true, afterMs: 0, error: this.error };
  }

  tryAgain(): void {
    if (this.verdict.state === 'failed') this.verdict = { ...this.verdict, retryable: true };
  }

  /** What the plugin's log says of a failure, for whoever follows it. */
  lines(now: number): HandlerResult['logs'] {
    if (!this.error) return [];
    const { code, message, stack } = this.error;
    return [{ level: 'error', message: `${code}: ${stack ?? message}`, at: new Date(now).toISOString() }];
  }

  #refused(refusal: Refusal, effects: readonly EffectOutcome[]): void {
    this.error = { code: refusal.code, message: `${refusal.message} ${refusal.next}` };
    this.effects = effects;
    const retryable = PASSING.has(refusal.code);
    this.verdict = { state: 'failed', retryable, afterMs: 0, error: this.error };
  }
}

/** Commands and notes as the effects of one execution change them. */
export function commandPort(commands: Commands, draft: ChartDraft, origin: Origin): CommandPort {
  return {
    originate: (wish) => commands.originate(draft, origin, wish),
    update: async (id, fields) => void (await commands.update(draft, origin, id, fields)),
    commit: async (id) => void (await commands.commit(draft, origin, id)),
    delete: (id) => commands.delete(draft, origin, id),
    enterInError: async (id, reason) => void (await commands.enterInError(draft, origin, id, { reason })),
    execute: async (id, action) => void (await commands.execute(draft, origin, id, action)),
    adopt: (made, of) => commands.adopt(draft, made, of),
    createNote: (wish) => createNote(draft, origin, wish),
    moveNote: async (id, to, reason) => void (await moveNote(draft, origin, id, { to, reason })),
  };
}

/** In whose chart what an event is about is now: a handler reads and writes there. */
function patientNow({ patient, mergedInto }: StoredEvent): string | null {
  return mergedInto ?? patient;
}

async function callHandler(
  services: RunServices,
  { subscription, event }: Delivery,
  origin: Origin,
  grant: PluginGrant,
): Promise<HandlerResult> {
  return services.host.call({
    plugin: subscription.plugin,
    handler: subscription.handler,
    event: await withAnswer(services.outgoing.requests, { ...viewOf(event), patient: patientNow(event) }),
    execution: origin.cause!.execution,
    services: services.services(origin),
    variables: grant.variables,
    timeZone: await services.timeZone(),
  });
}

function originOf({ subscription, event }: Delivery, execution: string, { scopes }: PluginGrant): Origin {
  const { plugin, handler } = subscription;
  const turn = turnsOf(chainOf(event), subscription);
  const chain = { ...chainThrough(event, subscription), ...(turn > 0 && { turn }) };
  return {
    actor: { type: 'plugin', id: plugin },
    source: 'effect',
    authority: pluginAuthority(scopes, patientNow(event)),
    note: event.note,
    cause: { event: event.id, execution, plugin, handler, effect: 0, ...chain },
    depth: event.depth + 1,
  };
}
