// Assigns calls to isolates and isolates to runners. A plugin's misbehavior ends only its own call; innocent calls run again and
// don't notice.

import type { HandlerInfo, RunnersStatus } from './contract.ts';
import { Hearing } from './hearing.ts';
import { Isolates } from './isolates.ts';
import type { Isolation } from './isolation.ts';
import { isOverStep, type Limits, stepWallMs } from './limits.ts';
import { Places } from './places.ts';
import { awaited, type IsolateHandle, type Job, type LoadedPlugin, type Tag } from './plugin.ts';
import type { Death, Patience } from './process.ts';
import type { IsolateEnd, ToRunner } from './protocol.ts';
import { type RunnerSlot, type SlotEvents, Spare } from './runners.ts';
import type { RunnerCode } from './spawn.ts';
import type { OFFENCES } from './standing.ts';
import { Trials } from './trials.ts';
import { culpritOf, loadReason, sentenceFor } from './verdict.ts';

/** Receives messages for operators; a pino logger fits. No PHI. */
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
  /** An isolate has started the job, or lost it; then the job waits for another. */
  onTaken(job: Job): void;
  onWaiting(job: Job): void;
  /** The plugin gets no calls until that time, in milliseconds since 1970. */
  onQuarantine(plugin: string, until: number): void;
}

export type LoadOutcome = { handlers: readonly HandlerInfo[] } | { failed: string };

/** Number of isolates a job is given to at most, so that neighbors can't end it forever. */
const MOST_ATTEMPTS = 4;
/** A runner that dies while loading a plugin may have been killed by the machine, but only once. */
const MOST_LOADS_OF_A_SUSPECT = 2;
/** How often at most a job moves to another runner because a neighbor blocks its own. */
const MOST_MOVES = 16;
const SWEEP_MS = 250;
/** A sweep this late shows that this process, and perhaps the machine, was suspended. */
const STILL_MS = 1_000;

export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #spare: Spare<Tag>;
  readonly #places: Places;
  readonly #isolates: Isolates;
  readonly #plugins = new Set<LoadedPlugin>();
  readonly #trials: Trials;
  readonly #hearing: Hearing;
  #sweep: NodeJS.Timeout;
  #stopped = false;
  #triedLast: LoadedPlugin | undefined;
  /** Last time the process was seen to have been suspended, in milliseconds since 1970. */
  #stoodStillAt = 0;
  #tidiedAt = performance.now();

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#isolates = new Isolates(options.now);
    this.#hearing = new Hearing(this.#isolates, {
      now: options.now,
      send: (isolate, text, job) => this.#send(isolate, text, job),
      offend: (plugin, offence) => this.#offend(plugin, offence),
      ended: (isolate, end, culprit) => this.#isolateEnded(isolate, end, culprit),
    });
    const { code, isolation } = options;
    this.#spare = new Spare({ code, isolation, patience });
    this.#places = new Places(options.mainRunners, this.#spare, (slot) => this.#eventsOf(slot));
    this.#trials = new Trials({
      begin: (job) => this.#beginTrial(job),
      end: (plugin) => this.#endTrial(plugin),
      release: (job) => this.#again(job),
    });
    this.#sweep = setInterval(() => this.#tidy(), SWEEP_MS);
    this.#sweep.unref();
  }

  #eventsOf(slot: () => RunnerSlot<Tag>): SlotEvents<Tag> {
    return {
      onAnswer: (entry, sent) => this.#hearing.answer(slot(), entry, sent),
      onFinished: ({ job, isolate }) => {
        if (job?.isolate === isolate) job.outstanding -= 1;
      },
      onBusy: ({ isolate }, held) => this.#busy(slot(), isolate, held),
      onExit: (death, unanswered) => this.#exit(slot(), death, unanswered),
      onAvailable: () => this.#pumpAll(),
    };
  }

  // ── Plugins

  /** Runs the script of a new build in the probation runner. */
  load(plugin: LoadedPlugin): Promise<LoadOutcome> {
    this.#plugins.add(plugin);
    // If it has neighbors, a blocked job moves at once.
    if (this.#plugins.size > 1) this.#spare.want();
    return new Promise((resolve) => {
      const first = this.#isolates.at(plugin, this.#places.probation);
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

  /** The build has loaded and is accepted: prepares it where its calls will run. */
  moveIn(plugin: LoadedPlugin): void {
    this.#isolates.at(plugin, this.#places.of(plugin, this.#options.now()));
  }

  /** Accepts no more calls, finishes the current ones, then drops the isolates. */
  retire(plugin: LoadedPlugin): void {
    plugin.retired = true;
    this.#settle(plugin);
  }

  /** Drops the isolates of a retired plugin that have no calls left. */
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

  /** The host has ended the call; the isolate must forget it. */
  cancel(job: Job): void {
    const { isolate, call } = job;
    if (isolate) this.#send(isolate, JSON.stringify({ type: 'cancel', call: call.number }), job);
  }

  /** The call has a result, good or bad. */
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
      const isolate = this.#isolates.at(plugin, this.#places.of(plugin, this.#options.now()));
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

  /** Runs the call again from the start. */
  #again(job: Job): void {
    job.isolate = undefined;
    this.#trials.forget(job);
    if (job.call.ended) return;
    if (this.#stopped) job.call.fail('handler.unavailable', { reason: 'the host was stopped' }, undefined, true);
    else if (job.call.attempts - job.moves >= MOST_ATTEMPTS || job.moves >= MOST_MOVES) {
      job.call.fail('handler.unavailable', { reason: 'other calls ended its runner again and again' }, undefined, true);
    } else {
      job.plugin.waiting.unshift(job);
      this.#options.onWaiting(job);
      this.#pump(job.plugin);
    }
  }

  // ── Isolates

  #send(isolate: IsolateHandle, text: string, job: Job): void {
    job.outstanding += 1;
    isolate.slot.current?.send({ type: 'step', isolate: isolate.number, text }, { isolate, job });
  }

  // ── Neighbors

  /** A runner is at one plugin's steps. If it blocks others that wait, they move to another runner. */
  #busy(slot: RunnerSlot<Tag>, { number, plugin }: IsolateHandle, held: boolean): void {
    slot.checkMemory();
    if (!held || slot.role === 'trial' || !slot.current) return;
    const others = this.#isolates.in(slot).filter((isolate) => isolate.number !== number);
    if (!others.some(awaited) || !this.#places.leaveTo(plugin, slot, this.#options.now())) return;
    this.#options.log.warn({ plugin: plugin.name }, 'a plugin delayed others; it gets its own runner for a minute');
    for (const isolate of others) this.#move(isolate);
  }

  #move(isolate: IsolateHandle): void {
    const jobs = [...isolate.running.values()].toReversed();
    isolate.slot.current?.takeBack(isolate.number);
    this.#isolates.drop(isolate);
    if (isolate.onLoad) this.#loadAgain(isolate, false);
    for (const job of jobs) {
      job.moves += 1;
      this.#again(job);
    }
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
    if (culprit) this.#blame(culprit, end, beside.length > 0);
    for (const job of beside) this.#again(job);
    this.#pump(plugin);
  }

  #blame(job: Job, end: IsolateEnd, withOthers: boolean): void {
    const { plugin, call } = job;
    if (end.why === 'memory' && withOthers) {
      // All calls of an isolate use its memory, so the last one isn't necessarily the culprit.
      this.#lineUp([job]);
    } else if (end.why === 'timeout' && !isOverStep(end.ranMs, plugin.limits) && !this.#waitsAlone(job)) {
      // As far as is known, the machine delayed it. If its caller no longer waits, no trial can tell.
      if (call.ended) plugin.standing.doubt();
      this.#lineUp([job]);
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
    // It was running one isolate's steps and hadn't reached the others'.
    const at = unanswered[0]?.isolate;
    const suspects = [...new Set(unanswered.flatMap(({ isolate, job }) => (isolate === at && job) || []))];
    const loading = at?.onLoad && suspects.length === 0 ? at : undefined;
    const lined: Job[] = [];
    if (!this.#stopped) {
      this.#report(slot, death, at);
      const culprit = culpritOf(slot.role, death, suspects);
      if (culprit) this.#convict(culprit, death);
      else lined.push(...suspects.filter((job) => !job.call.ended && job.isolate?.slot === slot));
    }
    // Before a trial, so that the spare runner serves the innocent first.
    for (const job of running.toReversed()) if (!job.call.ended && !lined.includes(job)) this.#again(job);
    for (const isolate of gone) if (isolate.onLoad) this.#loadAgain(isolate, isolate === loading);
    this.#lineUp(lined);
    this.#pumpAll();
  }

  #report({ role }: RunnerSlot<Tag>, { reason }: Death, at: IsolateHandle | undefined): void {
    const fields = { role, reason, plugins: at ? [at.plugin.name] : [] };
    this.#options.log.warn(fields, 'a plugin runner ended; it restarts when it’s needed');
  }

  #convict(job: Job, death: Death): void {
    this.#offend(job.plugin, 'crash', job);
    job.call.fail(...sentenceFor(death, job.plugin.limits));
  }

  #loadAgain(isolate: IsolateHandle, suspect: boolean): void {
    const { onLoad, plugin } = isolate;
    const more = isolate.loads < (suspect ? MOST_LOADS_OF_A_SUSPECT : MOST_ATTEMPTS) && !this.#stopped;
    const next = more ? this.#isolates.at(plugin, this.#places.of(plugin, this.#options.now())) : undefined;
    if (next) {
      next.loads = isolate.loads + 1;
      next.onLoad = onLoad;
    } else onLoad?.({ failed: 'it ended the process that ran it' });
  }

  #offend(plugin: LoadedPlugin, offence: keyof typeof OFFENCES, job?: Job): void {
    if (job) this.#trials.convict(job);
    const quarantined = plugin.standing.offend(offence, this.#options.now());
    const fields = { plugin: plugin.name, offence };
    if (quarantined) {
      this.#options.log.warn(fields, 'a plugin is quarantined after repeated offenses');
      this.#options.onQuarantine(plugin.name, plugin.standing.quarantinedUntil);
    } else this.#options.log.warn(fields, 'a plugin is on probation after an offense');
    this.#pump(plugin);
  }

  // ── Trials

  /** Runs each again on its own, unless its caller no longer waits. */
  #lineUp(jobs: readonly Job[]): void {
    const open = jobs.filter(({ call }) => !call.ended);
    const lined = open.filter(({ call }) => call.attempts < MOST_ATTEMPTS);
    for (const job of open) if (!lined.includes(job)) this.#again(job);
    for (const job of lined) {
      job.isolate = undefined;
      this.#options.onWaiting(job);
    }
    this.#trials.add(lined);
  }

  /** Whether a call that hardly computed during its own trial waits by itself: nothing here was suspended. */
  #waitsAlone({ isolate }: Job): boolean {
    return isolate?.slot.role === 'trial' && isolate.bornAt > this.#stoodStillAt;
  }

  /** Uses a runner that no other plugin has touched. */
  #beginTrial(job: Job): boolean {
    if (this.#triedLast !== job.plugin) this.#places.trial.rest();
    this.#triedLast = job.plugin;
    const isolate = this.#isolates.at(job.plugin, this.#places.trial);
    if (isolate) this.#give(job, isolate);
    return isolate !== undefined;
  }

  #endTrial(plugin: LoadedPlugin): void {
    const isolate = plugin.isolates.get(this.#places.trial);
    if (isolate) this.#isolates.drop(isolate);
  }

  // ── Housekeeping

  #tidy(): void {
    const now = performance.now();
    if (now - this.#tidiedAt > STILL_MS) this.#stoodStillAt = this.#options.now();
    this.#tidiedAt = now;
    this.#isolates.dropIdle();
    this.#places.tidy(this.#trials.idleMs);
  }

  processes(): RunnersStatus['processes'] {
    return this.#places.status();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#sweep);
    this.#places.stop();
    for (const plugin of this.#plugins) {
      for (const job of [...plugin.waiting]) this.#again(job);
    }
    for (const job of [...this.#trials.waiting]) this.#again(job);
  }
}

/** How long a runner may take for an entry before it counts as lost. Longer than the runner's own limits. */
function patience({ type }: ToRunner, { isolate: { plugin, slot } }: Tag): Patience {
  const alone = slot.role === 'trial';
  if (type === 'load') return { wallMs: plugin.limits.loadMs };
  return { wallMs: stepWallMs(plugin.limits, alone), ...(alone && { cpuMs: plugin.limits.stepMs }) };
}
