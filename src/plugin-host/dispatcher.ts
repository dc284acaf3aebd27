// Gives calls to isolates and isolates to runners, and sees to it that what a plugin does ends as the result of its own
// call: whoever only stood beside it is run again and does not notice.

import type { HandlerInfo, RunnersStatus } from './contract.ts';
import type { Isolation } from './isolation.ts';
import type { Limits } from './limits.ts';
import { type IsolateHandle, idle, type Job, type Lineup, type LoadedPlugin, type Tag, worn } from './plugin.ts';
import type { Death, RunnerCode } from './process.ts';
import { type FromGuest, type FromRunner, type IsolateEnd, parseFromGuest } from './protocol.ts';
import { type Role, RunnerSlot } from './runners.ts';
import type { OFFENCES } from './standing.ts';

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
  readonly #isolates = new Map<number, IsolateHandle>();
  readonly #plugins = new Set<LoadedPlugin>();
  /** Calls of which one ended a runner, to be run one by one. */
  readonly #suspects: Job[] = [];
  #tried: Job | undefined;
  #triedAt = 0;
  #numbers = 0;
  #sweep: NodeJS.Timeout;
  #stopped = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    const roles: Role[] = ['probation', 'trial', ...Array.from({ length: options.mainRunners }, (): Role => 'main')];
    this.#slots = roles.map((role) => this.#slot(role));
    this.#slots[0]!.process();
    this.#sweep = setInterval(() => this.#tidy(), SWEEP_MS);
    this.#sweep.unref();
  }

  #slot(role: Role): RunnerSlot<Tag> {
    const { code, isolation, limits } = this.#options;
    const longest = { load: limits.loadMs, step: limits.stepMs, drop: limits.stepMs };
    const slot: RunnerSlot<Tag> = new RunnerSlot(
      role,
      { code, isolation, longest },
      {
        onAnswer: (entries, sent) => this.#answer(slot, entries, sent),
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
      const first = this.#isolateFor(plugin, this.#slots[0]!);
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

  #settle(plugin: LoadedPlugin): void {
    for (const isolate of plugin.isolates.values()) {
      if (isolate.running.size === 0 && (isolate.draining || (plugin.retired && plugin.waiting.length === 0)))
        this.#drop(isolate);
    }
    if (plugin.retired && plugin.isolates.size === 0 && plugin.waiting.length === 0) this.#plugins.delete(plugin);
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
    } else {
      remove(plugin.waiting, job);
      remove(this.#suspects, job);
    }
    if (job.lineup) this.#cleared(job, job.lineup);
    if (this.#tried === job) this.#endTrial(plugin);
    this.#pump(plugin);
    if (isolate?.draining || plugin.retired) this.#settle(plugin);
  }

  #pumpAll(): void {
    for (const plugin of this.#plugins) this.#pump(plugin);
    this.#tryNext();
  }

  #pump(plugin: LoadedPlugin): void {
    while (plugin.waiting.length > 0 && !this.#stopped) {
      if (plugin.standing.where(this.#options.now()) === 'quarantined') {
        plugin.waiting.shift()!.call.fail('handler.quarantined', {}, undefined, true);
        continue;
      }
      const isolate = this.#isolateFor(plugin, this.#placeOf(plugin));
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

  #again(job: Job): void {
    job.isolate = undefined;
    if (this.#tried === job) this.#endTrial(job.plugin);
    if (job.call.ended) return;
    if (this.#stopped) job.call.fail('handler.unavailable', { reason: 'the host was stopped' }, undefined, true);
    else if (job.call.attempts >= MOST_ATTEMPTS) {
      job.call.fail('handler.unavailable', { reason: 'other calls ended its runner again and again' }, undefined, true);
    } else {
      job.plugin.waiting.unshift(job);
      this.#options.onWaiting(job);
    }
  }

  // ── Isolates

  #placeOf(plugin: LoadedPlugin): RunnerSlot<Tag> {
    const role = plugin.standing.where(this.#options.now()) === 'main' ? 'main' : 'probation';
    const places = this.#slots.filter((slot) => slot.role === role);
    if (places.length === 0) return this.#slots[0]!;
    const used = places.find((slot) => plugin.isolates.has(slot));
    return used ?? places.reduce((least, slot) => (slot.isolates < least.isolates ? slot : least));
  }

  /** The plugin's isolate in that runner, made if there is none; undefined while the runner pauses. */
  #isolateFor(plugin: LoadedPlugin, slot: RunnerSlot<Tag>): IsolateHandle | undefined {
    const now = this.#options.now();
    const existing = plugin.isolates.get(slot);
    if (existing && !worn(existing, now)) return existing;
    const process = slot.process();
    if (!process) return undefined;
    if (existing) {
      // Its number in the map makes way for the new one; it is dropped when its last call has ended.
      existing.draining = true;
      plugin.isolates.delete(slot);
      if (existing.running.size === 0) this.#drop(existing);
    }
    const isolate: IsolateHandle = {
      number: ++this.#numbers,
      plugin,
      slot,
      running: new Map(),
      bornAt: now,
      usedAt: now,
      served: 0,
      cpuMs: 0,
      draining: false,
      loads: 1,
    };
    this.#isolates.set(isolate.number, isolate);
    plugin.isolates.set(slot, isolate);
    slot.isolates += 1;
    process.send({ type: 'load', isolate: isolate.number, text: plugin.loadText(now) }, { isolate });
    this.#leaveOthers(plugin, slot);
    return isolate;
  }

  /** A plugin works in one runner at a time: isolates elsewhere finish and go. */
  #leaveOthers(plugin: LoadedPlugin, here: RunnerSlot<Tag>): void {
    if (here.role === 'trial') return;
    for (const [slot, isolate] of plugin.isolates) {
      if (slot === here || slot.role === 'trial') continue;
      isolate.draining = true;
      plugin.isolates.delete(slot);
      if (isolate.running.size === 0) this.#drop(isolate);
    }
  }

  #send(isolate: IsolateHandle, text: string, job: Job): void {
    job.outstanding += 1;
    isolate.slot.current?.send({ type: 'step', isolate: isolate.number, text }, { isolate, job });
  }

  #drop(isolate: IsolateHandle): void {
    if (!this.#isolates.has(isolate.number)) return;
    isolate.slot.current?.send({ type: 'drop', isolate: isolate.number, text: '' }, { isolate });
    this.#forget(isolate);
  }

  #forget(isolate: IsolateHandle): void {
    this.#isolates.delete(isolate.number);
    isolate.slot.isolates -= 1;
    const { isolates } = isolate.plugin;
    if (isolates.get(isolate.slot) === isolate) isolates.delete(isolate.slot);
  }

  // ── What runners say

  #answer(slot: RunnerSlot<Tag>, entries: readonly FromRunner[], sent: (position: number) => Tag | undefined): void {
    for (const entry of entries) {
      if (entry.type === 'ready') continue;
      const isolate = this.#isolates.get(entry.isolate);
      // An isolate that is gone, or one of another runner: a late answer, or a lie.
      if (isolate?.slot !== slot) {
        if (entry.type === 'ended') this.#endedLate(entry.isolate, entry.end, sent(entry.end.entry));
        continue;
      }
      switch (entry.type) {
        case 'said':
          this.#said(isolate, entry.text);
          break;
        case 'spent':
          isolate.plugin.spend(Math.max(0, entry.cpuMs - isolate.cpuMs), this.#options.now());
          isolate.cpuMs = entry.cpuMs;
          break;
        case 'stray':
          sent(entry.entry)?.job?.call.log('warn', `A promise was rejected and nobody caught it: ${entry.message}`);
          break;
        case 'ended':
          this.#isolateEnded(isolate, entry.end, sent(entry.end.entry)?.job);
          break;
      }
    }
  }

  #said(isolate: IsolateHandle, text: string): void {
    const messages = parseFromGuest(text);
    if (!messages) {
      this.#tampered(isolate);
      return;
    }
    for (const message of messages) this.#message(isolate, message);
  }

  #message(isolate: IsolateHandle, message: FromGuest): void {
    const { plugin } = isolate;
    if (message.type === 'registered') {
      isolate.onLoad?.({ handlers: message.handlers });
      return;
    }
    if (message.type === 'load-failed') {
      const { name, message: text, stack } = message;
      const trace = plugin.mapper.map(stack);
      this.#loadFailed(isolate, trace.includes(text) ? trace : `${name}: ${text}`);
      return;
    }
    // Only calls that this isolate was given: no number of another's means anything here.
    const job = isolate.running.get(message.call);
    if (!job) return;
    job.call.said(message, (step) => {
      if (job.isolate === isolate) this.#send(isolate, step, job);
    });
    if (job.call.ended && isolate.slot.role !== 'trial') plugin.standing.clean();
  }

  #loadFailed(isolate: IsolateHandle, reason: string): void {
    this.#drop(isolate);
    isolate.onLoad?.({ failed: reason });
    for (const job of isolate.running.values()) {
      job.isolate = undefined;
      job.call.fail('handler.unavailable', { reason: 'it did not load again' }, undefined, true);
    }
  }

  /** It said what no plugin can say: the loader in it is no longer ours. */
  #tampered(isolate: IsolateHandle): void {
    this.#drop(isolate);
    this.#offend(isolate.plugin, 'tampering');
    isolate.onLoad?.({ failed: 'it interferes with the loader' });
    for (const job of isolate.running.values()) {
      job.isolate = undefined;
      job.call.fail('handler.output', { reason: 'it interferes with the loader' });
    }
  }

  // ── Failures

  #isolateEnded(isolate: IsolateHandle, end: IsolateEnd, culprit: Job | undefined): void {
    const { plugin } = isolate;
    const beside = [...isolate.running.values()].filter((job) => job !== culprit);
    this.#forget(isolate);
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
    } else if (end.why === 'timeout' && end.cpuMs - isolate.cpuMs < plugin.limits.stepMs / 2) {
      // A step that hardly computed was kept waiting by the machine.
      this.#again(job);
    } else if (end.why === 'memory') {
      this.#offend(plugin, 'memory', job);
      call.fail('handler.memory', { limit: plugin.limits.memoryMB });
    } else {
      this.#offend(plugin, 'timeout', job);
      call.fail('handler.step-timeout', { limit: plugin.limits.stepMs });
    }
  }

  /** The call had its result before (its deadline was shorter than a step), but it did hold the runner up. */
  #endedLate(number: number, end: IsolateEnd, tag: Tag | undefined): void {
    if (tag?.isolate.number !== number || (end.why !== 'timeout' && end.why !== 'memory')) return;
    this.#offend(tag.isolate.plugin, end.why);
  }

  #exit(slot: RunnerSlot<Tag>, death: Death, unanswered: readonly Tag[]): void {
    const gone = [...this.#isolates.values()].filter((isolate) => isolate.slot === slot);
    for (const isolate of gone) this.#forget(isolate);
    if (slot.role === 'trial') this.#tried = undefined;
    const running = gone.flatMap((isolate) => [...isolate.running.values()]);
    const suspects = new Set(unanswered.flatMap(({ job }) => job ?? []));
    const loading = unanswered.flatMap(({ isolate, job }) => (!job && isolate.onLoad ? isolate : []));
    if (!this.#stopped && (gone.length > 0 || suspects.size > 0)) {
      const plugins = [
        ...new Set([...suspects].map((job) => job.plugin.name)),
        ...loading.map(({ plugin }) => plugin.name),
      ];
      this.#options.log.warn(
        { role: slot.role, reason: death.reason, plugins },
        'a plugin runner ended; it is started again',
      );
    }
    // In a trial one goes after the other: the first without an answer is the one.
    const alone =
      slot.role === 'trial' ? [...suspects][0] : suspects.size + loading.length === 1 ? [...suspects][0] : undefined;
    if (alone && !this.#stopped) {
      suspects.delete(alone);
      this.#offend(alone.plugin, 'crash', alone);
      const { stepMs, memoryMB } = alone.plugin.limits;
      if (death.cause === 'silent') alone.call.fail('handler.step-timeout', { limit: stepMs });
      else if (death.cause === 'memory') alone.call.fail('handler.memory', { limit: memoryMB });
      else alone.call.fail('handler.crashed', {});
    } else if (!this.#stopped) {
      this.#lineUp([...suspects].filter((job) => !job.call.ended && job.isolate?.slot === slot));
    }
    for (const job of running) if (job !== alone && !job.lineup) this.#again(job);
    for (const isolate of gone)
      if (isolate.onLoad) this.#loadAgain(isolate, loading.length === 1 && suspects.size === 0);
    this.#pumpAll();
  }

  #loadAgain(isolate: IsolateHandle, guilty: boolean): void {
    const { onLoad, plugin, slot } = isolate;
    const next = guilty || isolate.loads >= MOST_ATTEMPTS || this.#stopped ? undefined : this.#isolateFor(plugin, slot);
    if (next) {
      next.loads = isolate.loads + 1;
      next.onLoad = onLoad;
    } else onLoad?.({ failed: 'it ended the process that ran it' });
  }

  #offend(plugin: LoadedPlugin, offence: keyof typeof OFFENCES, job?: Job): void {
    if (job?.lineup) job.lineup.guilty = true;
    const quarantined = plugin.standing.offend(offence, this.#options.now());
    const fields = { plugin: plugin.name, offence };
    if (quarantined) this.#options.log.warn(fields, 'a plugin is quarantined after repeated offences');
    else this.#options.log.warn(fields, 'a plugin is on probation after an offence');
    this.#pump(plugin);
  }

  // ── Trials: of the calls that were with a runner when it died, one at a time in a runner of its own

  #lineUp(jobs: readonly Job[]): void {
    if (jobs.length === 0) return;
    for (const job of jobs) if (job.lineup) this.#cleared(job, job.lineup);
    const lineup: Lineup = { open: jobs.length, guilty: false, plugins: new Set(jobs.map((job) => job.plugin)) };
    for (const job of jobs) {
      job.isolate = undefined;
      job.lineup = lineup;
      this.#suspects.push(job);
      this.#options.onWaiting(job);
    }
    this.#tryNext();
  }

  #cleared(job: Job, lineup: Lineup): void {
    job.lineup = undefined;
    lineup.open -= 1;
    if (lineup.open > 0 || lineup.guilty) return;
    for (const plugin of lineup.plugins) plugin.standing.doubt();
  }

  #tryNext(): void {
    const slot = this.#slots[1]!;
    const job = this.#suspects[0];
    if (this.#tried || !job || !slot.process()) return;
    const isolate = this.#isolateFor(job.plugin, slot);
    if (!isolate) return;
    this.#suspects.shift();
    this.#tried = job;
    this.#give(job, isolate);
  }

  #endTrial(plugin: LoadedPlugin): void {
    this.#tried = undefined;
    this.#triedAt = performance.now();
    const isolate = plugin.isolates.get(this.#slots[1]!);
    if (isolate) this.#drop(isolate);
    this.#tryNext();
  }

  // ── Housekeeping

  #tidy(): void {
    const now = this.#options.now();
    for (const slot of this.#slots) slot.checkMemory();
    for (const isolate of this.#isolates.values()) if (idle(isolate, now)) this.#drop(isolate);
    const [, trial] = this.#slots;
    if (!this.#tried && trial!.current && performance.now() - this.#triedAt > TRIAL_REST_MS) trial!.rest();
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
    for (const job of [...this.#suspects]) this.#again(job);
  }
}

function loadReason(end: IsolateEnd, limits: Limits): string {
  if (end.why === 'timeout') return `its top level ran for more than ${limits.loadMs} ms`;
  if (end.why === 'memory') return `its top level used more than ${limits.memoryMB} MB of memory`;
  return end.detail;
}

function remove<T>(list: T[], item: T): void {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
}
