// The plugin host: the loaded plugins, and each call from start to result.

import { eventByType } from '@chartwire/sdk/internal/events/catalogue';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { type CallServices, RunningCall } from './call.ts';
import type {
  HandlerCall,
  HandlerInfo,
  HandlerResult,
  PluginBuild,
  PluginHost,
  PluginStatus,
  RunnersStatus,
} from './contract.ts';
import { Dispatcher, type HostLogger } from './dispatcher.ts';
import { createPluginHttp, type HttpOptions } from './http.ts';
import { detectIsolation, type Isolation } from './isolation.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { type Job, LoadedPlugin } from './plugin.ts';
import { runnerCode } from './runner-code.ts';

export interface PluginHostOptions {
  readonly log: HostLogger;
  readonly http?: HttpOptions;
  /** Limits that the operator grants instead of the defaults. */
  readonly limits?: Partial<Limits>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Number of runner processes for proven plugins. Defaults to one. */
  readonly mainRunners?: number;
  /** Called when a plugin is quarantined, with the end in milliseconds since 1970. */
  readonly onQuarantine?: (plugin: string, until: number) => void;
  /** The known event types. A plugin whose handler responds to any other doesn't load. */
  readonly eventTypes?: ReadonlySet<string>;
}

/** A call that no isolate takes within this time is returned as failed. */
const LONGEST_WAIT_MS = 30_000;
const AGAIN_MS = 100;

export function createPluginHost(options: PluginHostOptions): PluginHost {
  return new Host(options);
}

class Host implements PluginHost {
  readonly #options: PluginHostOptions;
  readonly #limits: Limits;
  readonly #now: () => number;
  readonly #services: CallServices;
  readonly #plugins = new Map<string, LoadedPlugin>();
  #isolation: Isolation | undefined;
  #dispatcher: Dispatcher | undefined;
  #numbers = 0;

  constructor(options: PluginHostOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#now = options.now ?? Date.now;
    this.#services = {
      http: createPluginHttp(options.http),
      now: this.#now,
      onBug: (error) => options.log.error({ err: error }, 'a read for a plugin failed'),
    };
  }

  async start(): Promise<void> {
    const code = await runnerCode();
    const isolation = await detectIsolation('runner', [code.engine]);
    const { name, network, advice } = isolation;
    const { log } = this.#options;
    if (network === 'none') log.info({ isolation: name }, 'plugin runners are isolated from network and files');
    else log.warn({ isolation: name, advice }, `plugin runners could reach the network if one broke out: ${advice}`);
    this.#isolation = isolation;
    this.#dispatcher = new Dispatcher({
      code,
      isolation,
      limits: this.#limits,
      mainRunners: this.#options.mainRunners ?? 1,
      now: this.#now,
      log,
      onQuarantine: (plugin, until) => this.#options.onQuarantine?.(plugin, until),
      onTaken: (job) => this.#time(job, job.plugin.limits.deadlineMs),
      onWaiting: (job) => this.#time(job, LONGEST_WAIT_MS),
    });
  }

  async load(build: PluginBuild): Promise<{ handlers: readonly HandlerInfo[] }> {
    const plugin = new LoadedPlugin(build, this.#limits);
    const outcome = await this.#started().load(plugin);
    if ('failed' in outcome) throw new Refusal('plugin.load', { reason: outcome.failed });
    const fault = this.#faultOf(outcome.handlers);
    if (fault) {
      this.#dispatcher?.retire(plugin);
      throw new Refusal('plugin.load', { reason: fault });
    }
    plugin.isAsked = outcome.handlers.some(({ respondsTo }) => respondsTo.some(isAsked));
    this.#dispatcher?.moveIn(plugin);
    const before = this.#plugins.get(plugin.name);
    this.#plugins.set(plugin.name, plugin);
    if (before) this.#dispatcher?.retire(before);
    return outcome;
  }

  async unload(name: string): Promise<void> {
    const plugin = this.#plugins.get(name);
    if (!plugin) return;
    this.#plugins.delete(name);
    this.#dispatcher?.retire(plugin);
  }

  call(call: HandlerCall): Promise<HandlerResult> {
    const plugin = this.#plugins.get(call.plugin);
    if (!plugin || !this.#dispatcher) {
      return Promise.resolve(refused('handler.unavailable', { reason: 'it is not loaded' }));
    }
    const now = this.#now();
    if (plugin.standing.where(now) === 'quarantined') return Promise.resolve(refused('handler.quarantined', {}));
    if (plugin.exhausted(now)) {
      const values = { limit: plugin.limits.cpuMsPerMinute, what: 'milliseconds of processor time in a minute' };
      return Promise.resolve(refused('handler.limit', values));
    }
    const running = new RunningCall(++this.#numbers, call, plugin, this.#services);
    const job: Job = { call: running, plugin, outstanding: 0, moves: 0, graceMs: 0 };
    return new Promise((resolve) => {
      running.onEnd = (result) => {
        clearTimeout(job.timer);
        this.#dispatcher?.ended(job);
        resolve(result);
      };
      if (call.deadline !== undefined) job.timer = setTimeout(() => this.#overdue(job), call.deadline);
      this.#dispatcher!.submit(job);
      if (!job.timer && !running.ended) this.#time(job, LONGEST_WAIT_MS);
    });
  }

  /** Limits the time in the current state, unless the caller set one deadline for the whole call. */
  #time(job: Job, ms: number): void {
    if (job.call.call.deadline !== undefined) return;
    clearTimeout(job.timer);
    job.graceMs = 0;
    job.timer = setTimeout(() => this.#overdue(job), ms);
  }

  #overdue(job: Job): void {
    const { call, isolate, plugin } = job;
    const deadline = call.call.deadline;
    if (!isolate) {
      call.fail('handler.unavailable', { reason: 'it waited too long for a runner' }, undefined, true);
    } else if (deadline === undefined && job.outstanding > 0 && job.graceMs < plugin.limits.deadlineMs) {
      // It waits for its turn or for its step, and both end soon through the step's limit or the runner's. Without a limit here,
      // a call that always has another step would go on forever.
      job.graceMs += AGAIN_MS;
      job.timer = setTimeout(() => this.#overdue(job), AGAIN_MS);
    } else {
      this.#dispatcher?.cancel(job);
      call.fail('handler.deadline', { limit: deadline ?? plugin.limits.deadlineMs }, undefined, true);
    }
  }

  status(): readonly PluginStatus[] {
    const now = this.#now();
    return [...this.#plugins.values()].map(({ name, manifest, standing }) => ({
      plugin: name,
      version: manifest.version,
      where: standing.where(now),
      strikes: standing.strikes(now),
    }));
  }

  runners(): RunnersStatus {
    const { name, network, advice } = this.#isolation ?? {};
    return { isolation: name, network, advice, processes: this.#dispatcher?.processes() ?? [] };
  }

  async stop(): Promise<void> {
    this.#dispatcher?.stop();
    this.#dispatcher = undefined;
    this.#plugins.clear();
  }

  #started(): Dispatcher {
    if (!this.#dispatcher) throw new Refusal('handler.unavailable', { reason: 'the plugin host is not started' });
    return this.#dispatcher;
  }

  #faultOf(handlers: readonly HandlerInfo[]): string | undefined {
    if (handlers.length === 0) {
      return 'its entry exports no handler: a class with a static RESPONDS_TO, or with a static SCHEDULE';
    }
    const most = this.#limits.handlers;
    if (handlers.length > most) {
      return `it registers ${handlers.length} handlers, and a plugin may have ${most}: let fewer do more, or make several plugins of it`;
    }
    const deaf = handlers.find(({ respondsTo, schedule }) => respondsTo.length === 0 && schedule === undefined);
    if (deaf) return `${deaf.name} responds to nothing: name event types one by one, as EventType.TASK_CREATED`;
    const known = this.#options.eventTypes;
    for (const { name, respondsTo } of known ? handlers : []) {
      const unknown = respondsTo.filter((type) => !known!.has(type));
      if (unknown.length > 0) return `${name} responds to ${unknown.join(', ')}, which no event is named`;
    }
    return undefined;
  }
}

/** Whether someone waits for the answers to events of a type. */
function isAsked(type: string): boolean {
  const kind = eventByType(type)?.kind;
  return kind === 'gate' || kind === 'ask';
}

function refused(
  code: 'handler.unavailable' | 'handler.quarantined' | 'handler.limit',
  values: Record<string, string | number>,
): HandlerResult {
  const { message } = new Refusal(code, values);
  return {
    state: 'failed',
    effects: [],
    error: { code, message },
    calls: [],
    logs: [],
    ms: 0,
    retryable: true,
    retryAfterMs: 0,
  };
}
