// The runner processes of this host, by what they are for: each is started when it is needed, restarted when it died,
// with a pause that grows while it does not come up, and killed when it holds too much memory.

import { readFileSync } from 'node:fs';
import type { Isolation } from './isolation.ts';
import { type ProcessOptions, RunnerProcess } from './process.ts';
import type { RunnerCode } from './spawn.ts';

/** main: proven plugins. probation: new ones. trial: suspects of a crash, one call at a time. */
export type Role = 'main' | 'probation' | 'trial';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
/** Resident memory that a runner may hold: this, and more for each isolate. */
const BASE_RSS = 150_000_000;
const RSS_PER_ISOLATE = 10_000_000;

export interface SlotEvents<Tag> extends Pick<ProcessOptions<Tag>, 'onAnswer' | 'onFinished' | 'onExit'> {
  /** The pause after a death is over: calls that wait can be sent. */
  onAvailable(): void;
}

/** A place for one runner process. */
export class RunnerSlot<Tag> {
  readonly role: Role;
  /** Isolates that the host believes to be in the process. */
  isolates = 0;
  readonly #start: (events: SlotEvents<Tag>) => RunnerProcess<Tag>;
  readonly #events: SlotEvents<Tag>;
  #process: RunnerProcess<Tag> | undefined;
  #pauseMs = 0;
  #pausing: NodeJS.Timeout | undefined;
  #stopped = false;
  #resting = false;
  /** Deaths so far, for the operator. */
  deaths = 0;

  constructor(
    role: Role,
    options: { code: RunnerCode; isolation: Isolation; longest: ProcessOptions<Tag>['longest'] },
    events: SlotEvents<Tag>,
  ) {
    this.role = role;
    this.#events = events;
    this.#start = (processEvents) => new RunnerProcess({ ...options, ...processEvents });
  }

  /** The live process, started if there is none; undefined during the pause after a death. */
  process(): RunnerProcess<Tag> | undefined {
    if (this.#process || this.#pausing || this.#stopped) return this.#process;
    this.#process = this.#start({
      ...this.#events,
      onExit: (death, unanswered) => {
        this.#died();
        this.#events.onExit(death, unanswered);
      },
    });
    return this.#process;
  }

  /** The live process, if there is one. */
  get current(): RunnerProcess<Tag> | undefined {
    return this.#process;
  }

  #died(): void {
    const started = this.#process?.ready;
    this.#process = undefined;
    if (this.#stopped || this.#resting) return;
    this.deaths += 1;
    // A crash in the middle of work costs no pause: its culprit is taken elsewhere. One before READY would only repeat.
    this.#pauseMs = started ? 0 : Math.min(Math.max(this.#pauseMs * 2, FIRST_PAUSE_MS), LONGEST_PAUSE_MS);
    if (this.#pauseMs === 0) return;
    this.#pausing = setTimeout(() => {
      this.#pausing = undefined;
      this.#events.onAvailable();
    }, this.#pauseMs);
    this.#pausing.unref();
  }

  /** Kills the process when it holds more memory than its isolates explain. */
  checkMemory(): void {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    const limit = BASE_RSS + RSS_PER_ISOLATE * this.isolates;
    if (residentBytes(pid) > limit) this.#process?.kill(`it held more than ${Math.round(limit / 1e6)} MB`, 'memory');
  }

  /** Ends a process that has nothing to do; the next use starts another. */
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

const PAGE = 4_096;

/** Of the process and its children (bubblewrap starts Node as one); 0 where there is no /proc. */
function residentBytes(pid: number): number {
  try {
    const own = Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ');
    return children.reduce((bytes, child) => bytes + (child.trim() ? residentBytes(Number(child)) : 0), own);
  } catch {
    return 0;
  }
}
