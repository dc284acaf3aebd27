// Asking plugins while somebody waits: gates and searches. Bounded in time; a handler that keeps failing is left out
// for a while, and says so.

import { randomFillSync } from 'node:crypto';
import type { Static } from 'typebox';
import type { Asked, Bus, Reply } from '#chart/bus.ts';
import type { Origin } from '#chart/origin.ts';
import type { Log } from '@chartwire/sdk/internal/effects/log';
import type { EventEnvelope } from '@chartwire/sdk/internal/kit/event';
import { uuidv7 } from '@chartwire/sdk/internal/kit/ids';
import type { HandlerResult } from '#plugin-host/contract.ts';
import type { LogLevel } from '#plugin-host/protocol.ts';
import type { EffectOutcome } from '#store/contract.ts';
import { outcomeOf } from './answer-outcome.ts';
import type { Answers } from './answers.ts';
import type { Plugins } from './plugins.ts';
import type { CallServices, PluginGrant } from './run.ts';
import { pluginAuthority } from './services.ts';
import { subscriptionId } from './subscriptions.ts';

/** Milliseconds in which a handler that is well answers. */
const FAIR_MS = 50;

export class PluginBus implements Bus {
  readonly #plugins: Plugins;
  readonly #answers: Answers;
  readonly #calls: CallServices;

  constructor(plugins: Plugins, answers: Answers, calls: CallServices) {
    this.#plugins = plugins;
    this.#answers = answers;
    this.#calls = calls;
  }

  handlersOf(type: string): readonly Asked[] {
    return this.#plugins.handlersOf(type);
  }

  async ask(asked: Asked, event: EventEnvelope, budgetMs: number): Promise<Reply> {
    const { breaker } = this.#plugins;
    if (breaker.isOpen(asked.name, this.#calls.now())) {
      return { answered: false, message: 'it failed repeatedly and is left out for half a minute', ms: 0 };
    }
    const grant = this.#calls.grant(asked.plugin);
    if (!grant) return { answered: false, message: 'its plugin is not loaded at this node', ms: 0 };
    const start = performance.now();
    const execution = uuidv7(this.#calls.now(), randomFillSync);
    const result = await this.#call(asked, grant, event, execution, budgetMs);
    const ms = performance.now() - start;
    if (result?.state === 'completed') {
      breaker.succeeded(asked.name);
      return { answered: true, effects: result.effects.filter(({ type }) => type !== 'LOG'), ms, execution };
    }
    // Who had hardly any time, because others took theirs, is late for no fault of its own.
    if (budgetMs >= FAIR_MS || (result && result.error?.code !== 'handler.deadline')) {
      breaker.failed(asked.name, this.#calls.now());
    }
    return {
      answered: false,
      message: result?.error?.message ?? `it did not answer within ${Math.round(budgetMs)} ms`,
      ms,
      execution,
    };
  }

  async #call(
    asked: Asked,
    grant: PluginGrant,
    event: EventEnvelope,
    execution: string,
    budgetMs: number,
  ): Promise<HandlerResult | undefined> {
    const handler = asked.name.slice(asked.plugin.length + 1);
    const startedAt = new Date(this.#calls.now()).toISOString();
    const deadline = Math.max(1, Math.ceil(budgetMs));
    const origin: Origin = {
      actor: { type: 'plugin', id: asked.plugin },
      source: 'effect',
      authority: pluginAuthority(grant.scopes, event.patient),
      note: event.note,
      cause: { event: event.id, execution, plugin: asked.plugin, handler, effect: 0 },
    };
    const question = {
      plugin: asked.plugin,
      handler,
      event,
      execution,
      services: this.#calls.services(origin),
      variables: grant.variables,
      timeZone: await this.#calls.timeZone(),
      deadline,
    };
    // What can't be put on record isn't asked: the handler's policy decides, as when it doesn't answer.
    const isTold = await this.#calls.told(origin, event).then(
      () => true,
      () => false,
    );
    if (!isTold) return undefined;
    const call = this.#calls.host.call(question);
    const { version } = grant;
    void call
      .then((result) => this.#keep({ asked, handler, event, execution, startedAt, version }, result))
      .catch(() => {});
    // The host ends the call at its deadline; a clinician does not wait for a host that is late with that.
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), deadline + 20);
    });
    return Promise.race([call, late]).finally(() => clearTimeout(timer));
  }

  /** Kept like every execution. */
  #keep({ asked, handler, event, execution, startedAt, version }: Run, result: HandlerResult): void {
    const { plugin } = asked;
    const outcomes = result.effects.map((effect) => outcomeOf(event.type, effect));
    const lines = outcomes.flatMap((outcome) => lineOf(outcome) ?? []).map((line) => ({ ...line, at: startedAt }));
    this.#calls.log(plugin, handler, execution, [...result.logs, ...lines]);
    const { state, ms, error, calls, logs } = result;
    this.#answers.keep({
      id: execution,
      subscription: subscriptionId(plugin, handler),
      asked: event,
      plugin,
      pluginVersion: version,
      handler,
      attempt: 1,
      state,
      startedAt,
      ms,
      error,
      calls,
      effects: outcomes,
      logs,
    });
  }
}

/** What the plugin's log has of something that its handler said. */
function lineOf({ type, payload, error }: EffectOutcome): { level: LogLevel; message: string } | undefined {
  if (error) return { level: 'error', message: `${error.code}: ${error.message}` };
  if (type !== 'LOG') return undefined;
  const { level = 'info', message } = payload as Static<typeof Log.payload>;
  return { level, message };
}

/** A call, as its execution tells of it. */
interface Run {
  readonly asked: Asked;
  readonly handler: string;
  readonly event: EventEnvelope;
  readonly execution: string;
  readonly startedAt: string;
  /** Of the plugin. */
  readonly version: string;
}
