// Gives calls to isolates and isolates to runners, and sees to it that what a plugin does ends as the result of its own
// call: whoever only stood beside it is run again and does not notice.

import type { HandlerInfo, RunnersStatus } from './contract.ts';
import { Hearing } from './hearing.ts';
import { Isolates } from './isolates.ts';
import type { Isolation } from './isolation.ts';
import type { Limits } from './limits.ts';
import type { IsolateHandle, Job, LoadedPlugin, Tag } from './plugin.ts';
import type { Death } from './process.ts';
import type { IsolateEnd } from './protocol.ts';
import { type Role, RunnerSlot } from './runners.ts';
import type { RunnerCode } from './spawn.ts';
import type { OFFENCES } from './standing.ts';
import { Trials } from './trials.ts';
import { culpritOf, hardlyRan, loadReason, sentenceFor, type Unanswered } from './verdict.ts';

/** Where the host writes what an operator should know; a pino logger fits. No PHI. */
export interface HostLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface DispatcherOptions {
  readonly code: RunnerCode;
  readonly isolation: Isolation;
  readonly limits: Limits;
  readonly mainRunners: number;
  readonly log: HostLogger;
  now(): number;
  /** An isolate has begun the job, or lost it: then it waits for another. */
  onTaken(job: Job): void;
  onWaiting(job: Job): void;
}

export type LoadOutcome = { handlers: readonly HandlerInfo[] } | { failed: string };

/** A job is given to at most this many isolates: the neighbours that end them cannot go on for ever. */
const MOST_ATTEMPTS = 4;
const SWEEP_MS = 250;
/** The runner for trials is ended when it has had none for this long. */
const TRIAL_REST_MS = 60_000;

export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #slots: RunnerSlot<Tag>[];
  readonly #isolates: Isolates;
  readonly #plugins = new Set<LoadedPlugin>();
  readonly #trials: Trials;
  readonly #hearing: Hearing;
  #sweep: NodeJS.Timeout;
  #stopped = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#isolates = new Isolates(options.now);
    this.#hearing = new Hearing(this.#isolates, {
      now: options.now,
      send: (isolate, text, job) => this.#send(isolate, text, job),
      offend: (plugin, offence) => this.#offend(plugin, offence),
      ended: (isolate, end, culprit) => this.#isolateEnded(isolate, end, culprit),
    });
    const roles: Role[] = ['probation', 'trial', ...Array.from({ length: options.mainRunners }, (): Role => 'main')];
    this.#slots = roles.map((role) => this.#slot(role));
    this.#probation.process();
    this.#trials = new Trials({
      begin: (job) => this.#beginTrial(job),
      end: (plugin) => this.#endTrial(plugin),
      release: (job) => this.#again(job),
    });
    this.#sweep = setInterval(() => this.#tidy(), SWEEP_MS);
    this.#sweep.unref();
  }

  get #probation(): RunnerSlot<Tag> {
    return this.#slots[0]!;
  }

  get #trial(): RunnerSlot<Tag> {
    return this.#slots[1]!;
  }

  #slot(role: Role): RunnerSlot<Tag> {
    const { code, isolation, limits } = this.#options;
    const longest = { load: limits.loadMs, step: limits.stepMs, drop: limits.stepMs };
    const slot: RunnerSlot<Tag> = new RunnerSlot(
      role,
      { code, isolation, longest },
      {
        onAnswer: (entries, sent) => this.#hearing.answer(slot, entries, sent),
        onFinished: ({ job, isolate }) => {
          if (job?.isolate === isolate) job.outstanding -= 1;
        },
        onExit: (death, unanswered) => this.#exit(slot, death, unanswered),
        onAvailable: () => this.#pumpAll(),
      },
    );
    return slot;
  }

  // ── Plugins

  /** Runs the script of a new build in the probation runner. */
  load(plugin: LoadedPlugin): Promise<LoadOutcome> {
    this.#plugins.add(plugin);
    return new Promise((resolve) => {
      const first = this.#isolates.at(plugin, this.#probation);
      if (!first) {
        resolve({ failed: 'the probation runner is being restarted; try again' });
        return;
      }
      first.onLoad = (outcome) => {
        first.onLoad = undefined;
        if ('failed' in outcome) this.#plugins.delete(plugin);
        resolve(outcome);
      };
    });
  }

  /** No more calls will be submitted; those it has are finished, then its isolates are dropped. */
  retire(plugin: LoadedPlugin): void {
    plugin.retired = true;
    this.#settle(plugin);
  }

  /** Drops what a retired plugin has no more calls for. */
  #settle(plugin: LoadedPlugin): void {
    if (!plugin.retired || plugin.waiting.length > 0) return;
    for (const isolate of [...plugin.isolates.values()]) if (isolate.running.size === 0) this.#isolates.drop(isolate);
    if (plugin.isolates.size === 0) this.#plugins.delete(plugin);
  }

  // ── Calls

  submit(job: Job): void {
    job.plugin.waiting.push(job);
    this.#pump(job.plugin);
  }

  /** The host has ended the call; the isolate is told to forget it. */
  cancel(job: Job): void {
    const { isolate, call } = job;
    if (isolate) this.#send(isolate, JSON.stringify({ type: 'cancel', call: call.number }), job);
  }

  /** The call has its result, whatever it is. */
  ended(job: Job): void {
    const { isolate, plugin } = job;
    if (isolate) {
      isolate.running.delete(job.call.number);
      job.isolate = undefined;
      if (isolate.draining && isolate.running.size === 0) this.#isolates.drop(isolate);
    } else {
      const index = plugin.waiting.indexOf(job);
      if (index >= 0) plugin.waiting.splice(index, 1);
    }
    this.#trials.forget(job);
    this.#pump(plugin);
    this.#settle(plugin);
  }

  #pumpAll(): void {
    for (const plugin of this.#plugins) this.#pump(plugin);
    this.#trials.next();
  }

  #pump(plugin: LoadedPlugin): void {
    while (plugin.waiting.length > 0 && !this.#stopped) {
      if (plugin.standing.where(this.#options.now()) === 'quarantined') {
        plugin.waiting.shift()!.call.fail('handler.quarantined', {}, undefined, true);
        continue;
      }
      const isolate = this.#isolates.at(plugin, this.#placeOf(plugin));
      if (!isolate || isolate.running.size >= plugin.limits.concurrency) return;
      this.#give(plugin.waiting.shift()!, isolate);
    }
  }

  #give(job: Job, isolate: IsolateHandle): void {
    job.isolate = isolate;
    job.outstanding = 0;
    isolate.running.set(job.call.number, job);
    isolate.served += 1;
    isolate.usedAt = this.#options.now();
    this.#options.onTaken(job);
    this.#send(isolate, job.call.begin(), job);
  }

  /** Runs the call again, from its beginning. */
  #again(job: Job): void {
    job.isolate = undefined;
    this.#trials.forget(job);
    if (job.call.ended) return;
    if (this.#stopped) job.call.fail('handler.unavailable', { reason: 'the host was stopped' }, undefined, true);
    else if (job.call.attempts >= MOST_ATTEMPTS) {
      job.call.fail('handler.unavailable', { reason: 'other calls ended its runner again and again' }, undefined, true);
    } else {
      job.plugin.waiting.unshift(job);
      this.#options.onWaiting(job);
      this.#pump(job.plugin);
    }
  }

  // ── Isolates

  #placeOf(plugin: LoadedPlugin): RunnerSlot<Tag> {
    const role = plugin.standing.where(this.#options.now()) === 'main' ? 'main' : 'probation';
    const places = this.#slots.filter((slot) => slot.role === role);
    if (places.length === 0) return this.#probation;
    const used = places.find((slot) => plugin.isolates.has(slot));
    return used ?? places.reduce((least, slot) => (slot.isolates < least.isolates ? slot : least));
  }

  #send(isolate: IsolateHandle, text: string, job: Job): void {
    job.outstanding += 1;
    isolate.slot.current?.send({ type: 'step', isolate: isolate.number, text }, { isolate, job });
  }

  // ── Failures

  #isolateEnded(isolate: IsolateHandle, end: IsolateEnd, culprit: Job | undefined): void {
    const { plugin } = isolate;
    const beside = [...isolate.running.values()].filter((job) => job !== culprit);
    this.#isolates.forget(isolate);
    if (isolate.onLoad || end.why === 'load') {
      isolate.onLoad?.({ failed: loadReason(end, plugin.limits) });
      if (culprit) beside.push(culprit);
      for (const job of beside)
        job.call.fail('handler.unavailable', { reason: 'it did not load again' }, undefined, true);
      return;
    }
    if (end.why === 'output') {
      this.#offend(plugin, 'tampering');
      if (culprit) beside.push(culprit);
      for (const job of beside) job.call.fail('handler.output', { reason: end.detail });
      return;
    }
    if (culprit) this.#blame(culprit, isolate, end, beside.length > 0);
    for (const job of beside) this.#again(job);
    this.#pump(plugin);
  }

  #blame(job: Job, isolate: IsolateHandle, end: IsolateEnd, withOthers: boolean): void {
    const { plugin, call } = job;
    if (end.why === 'memory' && withOthers) {
      // Memory is filled by all calls of an isolate: being the last of them is no proof.
      this.#lineUp([job]);
    } else if (end.why === 'timeout' && hardlyRan(end, isolate) && call.attempts < MOST_ATTEMPTS) {
      // It was kept waiting by the machine.
      this.#again(job);
    } else if (end.why === 'memory') {
      this.#offend(plugin, 'memory', job);
      call.fail('handler.memory', { limit: plugin.limits.memoryMB });
    } else {
      this.#offend(plugin, 'timeout', job);
      call.fail('handler.step-timeout', { limit: plugin.limits.stepMs });
    }
  }

  #exit(slot: RunnerSlot<Tag>, death: Death, unanswered: readonly Tag[]): void {
    const gone = this.#isolates.forgetAll(slot);
    const running = gone.flatMap((isolate) => [...isolate.running.values()]);
    const suspects = [...new Set(unanswered.flatMap(({ job }) => job ?? []))];
    const loading = unanswered.flatMap(({ isolate, job }) => (!job && isolate.onLoad ? isolate : []));
    const lined: Job[] = [];
    if (!this.#stopped) {
      this.#report(slot, death, { suspects, loading });
      const culprit = culpritOf(slot.role, death, { suspects, loading });
      if (culprit) this.#convict(culprit, death);
      else lined.push(...suspects.filter((job) => !job.call.ended && job.isolate?.slot === slot));
      this.#lineUp(lined);
    }
    for (const job of running) if (!job.call.ended && !lined.includes(job)) this.#again(job);
    const alone = loading.length === 1 && suspects.length === 0;
    for (const isolate of gone) if (isolate.onLoad) this.#loadAgain(isolate, alone);
    this.#pumpAll();
  }

  #report(slot: RunnerSlot<Tag>, death: Death, { suspects, loading }: Unanswered): void {
    const plugins = [...new Set([...suspects, ...loading].map(({ plugin }) => plugin.name))];
    const fields = { role: slot.role, reason: death.reason, plugins };
    this.#options.log.warn(fields, 'a plugin runner ended; it is started again when it is needed');
  }

  #convict(job: Job, death: Death): void {
    this.#offend(job.plugin, 'crash', job);
    job.call.fail(...sentenceFor(death, job.plugin.limits));
  }

  #loadAgain(isolate: IsolateHandle, guilty: boolean): void {
    const { onLoad, plugin, slot } = isolate;
    const next =
      guilty || isolate.loads >= MOST_ATTEMPTS || this.#stopped ? undefined : this.#isolates.at(plugin, slot);
    if (next) {
      next.loads = isolate.loads + 1;
      next.onLoad = onLoad;
    } else onLoad?.({ failed: 'it ended the process that ran it' });
  }

  #offend(plugin: LoadedPlugin, offence: keyof typeof OFFENCES, job?: Job): void {
    if (job) this.#trials.convict(job);
    const quarantined = plugin.standing.offend(offence, this.#options.now());
    const fields = { plugin: plugin.name, offence };
    if (quarantined) this.#options.log.warn(fields, 'a plugin is quarantined after repeated offences');
    else this.#options.log.warn(fields, 'a plugin is on probation after an offence');
    this.#pump(plugin);
  }

  // ── Trials

  #lineUp(jobs: readonly Job[]): void {
    for (const job of jobs) {
      job.isolate = undefined;
      this.#options.onWaiting(job);
    }
    this.#trials.add(jobs);
  }

  #beginTrial(job: Job): boolean {
    const isolate = this.#isolates.at(job.plugin, this.#trial);
    if (isolate) this.#give(job, isolate);
    return isolate !== undefined;
  }

  #endTrial(plugin: LoadedPlugin): void {
    const isolate = plugin.isolates.get(this.#trial);
    if (isolate) this.#isolates.drop(isolate);
  }

  // ── Housekeeping

  #tidy(): void {
    for (const slot of this.#slots) slot.checkMemory();
    this.#isolates.dropIdle();
    if (this.#trial.current && this.#trials.idleMs > TRIAL_REST_MS) this.#trial.rest();
  }

  processes(): RunnersStatus['processes'] {
    return this.#slots.map(({ role, current, isolates, deaths }) => ({ role, pid: current?.pid, isolates, deaths }));
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#sweep);
    for (const slot of this.#slots) slot.stop();
    for (const plugin of this.#plugins) {
      for (const job of [...plugin.waiting]) this.#again(job);
    }
    for (const job of [...this.#trials.waiting]) this.#again(job);
  }
}
