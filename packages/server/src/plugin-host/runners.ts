// Slots for runner processes by role. A slot's process starts when needed, restarts after a death with a growing pause while it
// fails to start, and is killed when it uses too much memory.

import { type ProcessEvents, type ProcessOptions, RunnerProcess } from './process.ts';
import { residentBytes } from './usage.ts';

/**
 * main: proven plugins. probation: new ones. trial: suspects of a crash, one call at a time. apart: a plugin that blocked its
 * neighbors, or a new one that people wait for.
 */
export type Role = 'main' | 'probation' | 'trial' | 'apart';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
/** Resident memory that a runner may use: this, plus an amount per isolate. */
const BASE_RSS = 150_000_000;
const RSS_PER_ISOLATE = 10_000_000;

export interface SlotEvents<Tag> extends ProcessEvents<Tag> {
  /** The pause after a death is over: waiting calls can be sent. */
  onAvailable(): void;
}

/** A slot for one runner process. */
export class RunnerSlot<Tag> {
  role: Role;
  readonly #start: (events: ProcessEvents<Tag>) => RunnerProcess<Tag>;
  readonly #events: SlotEvents<Tag>;
  #isolates = 0;
  /** The most isolates that its process has held, since used memory isn't returned at once. */
  #mostIsolates = 0;
  #process: RunnerProcess<Tag> | undefined;
  #pauseMs = 0;
  #pausing: NodeJS.Timeout | undefined;
  #stopped = false;
  #resting = false;
  /** Deaths so far, for the operator. */
  deaths = 0;

  /** @param start returns an unused process */
  constructor(role: Role, start: (events: ProcessEvents<Tag>) => RunnerProcess<Tag>, events: SlotEvents<Tag>) {
    this.role = role;
    this.#start = start;
    this.#events = events;
  }

  /** Isolates that the host believes to be in the process. */
  get isolates(): number {
    return this.#isolates;
  }

  set isolates(count: number) {
    this.#isolates = count;
    this.#mostIsolates = Math.max(this.#mostIsolates, count);
  }

  /** The live process, started if needed; undefined during the pause after a death. */
  process(): RunnerProcess<Tag> | undefined {
    if (this.#process || this.#pausing || this.#stopped) return this.#process;
    this.#mostIsolates = this.#isolates;
    this.#process = this.#start({
      ...this.#events,
      onExit: (death, unanswered) => {
        this.#died();
        this.#events.onExit(death, unanswered);
      },
    });
    return this.#process;
  }

  /** The live process, if any. */
  get current(): RunnerProcess<Tag> | undefined {
    return this.#process;
  }

  #died(): void {
    const started = this.#process?.ready;
    this.#process = undefined;
    if (this.#stopped || this.#resting) return;
    this.deaths += 1;
    // A crash during work needs no pause, since its culprit moves elsewhere. One before READY would only repeat.
    this.#pauseMs = started ? 0 : Math.min(Math.max(this.#pauseMs * 2, FIRST_PAUSE_MS), LONGEST_PAUSE_MS);
    if (this.#pauseMs === 0) return;
    this.#pausing = setTimeout(() => {
      this.#pausing = undefined;
      this.#events.onAvailable();
    }, this.#pauseMs);
    this.#pausing.unref();
  }

  /** Kills the process if it uses more memory than its isolates explain. */
  checkMemory(): void {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    const limit = BASE_RSS + RSS_PER_ISOLATE * this.#mostIsolates;
    if (residentBytes(pid) > limit) this.#process?.kill(`it held more than ${Math.round(limit / 1e6)} MB`, 'memory');
  }

  /** Ends an idle process; the next use starts another. */
  rest(): void {
    this.#resting = true;
    this.#process?.kill('it is not needed');
    this.#resting = false;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#pausing);
    this.#process?.kill('the host stops');
  }
}

/** A process kept ready for the next slot, since callers would wait for a start. */
export class Spare<Tag> {
  readonly #options: ProcessOptions<Tag>;
  #process: RunnerProcess<Tag> | undefined;
  #wanted = false;
  #pauseMs = FIRST_PAUSE_MS;
  #pausing: NodeJS.Timeout | undefined;

  constructor(options: ProcessOptions<Tag>) {
    this.#options = options;
  }

  /** Starts keeping one ready. */
  want(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#refill();
  }

  /** The spare process, or else a new one. */
  take(events: ProcessEvents<Tag>): RunnerProcess<Tag> {
    const spare = this.#process;
    this.#process = undefined;
    if (!spare) return new RunnerProcess(this.#options, events);
    spare.take(events);
    // Starts after the needed one; two at once would both be late.
    setImmediate(() => this.#refill());
    return spare;
  }

  stop(): void {
    this.#wanted = false;
    clearTimeout(this.#pausing);
    this.#process?.kill('the host stops');
  }

  #refill(): void {
    if (!this.#wanted || this.#process || this.#pausing) return;
    const process = new RunnerProcess<Tag>(this.#options, {
      onAnswer: () => {},
      onFinished: () => {},
      onExit: () => this.#died(),
    });
    this.#process = process;
  }

  /** It may never start here, so the attempts get rarer. */
  #died(): void {
    this.#process = undefined;
    if (!this.#wanted) return;
    this.#pausing = setTimeout(() => {
      this.#pausing = undefined;
      this.#refill();
    }, this.#pauseMs);
    this.#pausing.unref();
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
