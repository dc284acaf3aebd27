// The host's state of one loaded build: its standing, its isolates, and the calls that wait for one.

import type { RunningCall } from './call.ts';
import type { HandlerInfo, PluginBuild } from './contract.ts';
import { type Limits, limitsFor, stepWallMs } from './limits.ts';
import type { LoadOptions } from './protocol.ts';
import type { RunnerSlot } from './runners.ts';
import { StackMapper } from './stack.ts';
import { Standing } from './standing.ts';

/** A call in progress. */
export interface Job {
  readonly call: RunningCall;
  readonly plugin: LoadedPlugin;
  /** The isolate that runs it; undefined while it waits. */
  isolate?: IsolateHandle;
  /** Steps that the runner hasn't finished. */
  outstanding: number;
  /** How often it moved to another runner because a neighbor blocked its own. */
  moves: number;
  /** Milliseconds granted beyond its time because its turn hadn't come. */
  graceMs: number;
  /** Ends it when it takes too long. Its meaning changes when an isolate takes the job. */
  timer?: NodeJS.Timeout;
}

/** The purpose of an entry sent to a runner. */
export interface Tag {
  readonly isolate: IsolateHandle;
  /** Absent for loading or dropping an isolate. */
  readonly job?: Job;
}

/** One isolate of a plugin in a runner process. Numbers are never reused. */
export interface IsolateHandle {
  readonly number: number;
  readonly plugin: LoadedPlugin;
  readonly slot: RunnerSlot<Tag>;
  readonly running: Map<number, Job>;
  readonly bornAt: number;
  usedAt: number;
  served: number;
  cpuMs: number;
  /** Takes no more calls, and is dropped after its current ones. */
  draining: boolean;
  /** Number of attempts to load it, when its runner died in between. */
  loads: number;
  /** Receives the handlers of the script or why it doesn't load. Set only for a build's first isolate. */
  onLoad?: (outcome: { handlers: readonly HandlerInfo[] } | { failed: string }) => void;
}

/** An isolate is replaced after this many calls, or this long. */
const MOST_CALLS = 10_000;
const LONGEST_LIFE_MS = 60 * 60_000;
/** An isolate without calls for this long is dropped. */
const IDLE_MS = 10 * 60_000;
const MINUTE_MS = 60_000;

export class LoadedPlugin {
  readonly build: PluginBuild;
  readonly limits: Limits;
  readonly mapper: StackMapper;
  readonly standing = new Standing();
  readonly isolates = new Map<RunnerSlot<Tag>, IsolateHandle>();
  /** Calls that no isolate has taken, in order. */
  readonly waiting: Job[] = [];
  /** People wait for its answers: some of its handlers are gates or answer searches. */
  isAsked = false;
  /** End of its separation after it blocked others, in milliseconds since 1970. */
  heldUntil = 0;
  /** Unloaded, or replaced by another build. Finishes its calls. */
  retired = false;
  #minute = 0;
  #cpuMs = 0;

  constructor(build: PluginBuild, granted: Limits) {
    this.build = build;
    this.limits = limitsFor(build.manifest.limits, granted);
    this.mapper = new StackMapper(build.sourceMap);
  }

  get name(): string {
    return this.build.manifest.name;
  }

  get manifest(): PluginBuild['manifest'] {
    return this.build.manifest;
  }

  /** Text of the entry that loads it. `alone`: for a trial. */
  loadText(now: number, alone: boolean): string {
    const { memoryMB, loadMs, hostCalls, requestBytes, effectBytes, effects, logLines, logBytes } = this.limits;
    const guest = { now, hostCalls, requestBytes, effectBytes, effects, logLines, logBytes };
    const options: LoadOptions = { memoryMB, stepWallMs: stepWallMs(this.limits, alone), loadMs, guest };
    return `${JSON.stringify(options)}\n${this.build.code}`;
  }

  spend(ms: number, now: number): void {
    this.#turn(now);
    this.#cpuMs += ms;
  }

  /** Whether it has used its processor time for this minute. */
  exhausted(now: number): boolean {
    this.#turn(now);
    return this.#cpuMs > this.limits.cpuMsPerMinute;
  }

  #turn(now: number): void {
    const minute = Math.floor(now / MINUTE_MS);
    if (minute === this.#minute) return;
    this.#minute = minute;
    this.#cpuMs = 0;
  }
}

/** Whether an isolate is due for replacement. */
export function worn(isolate: IsolateHandle, now: number): boolean {
  return isolate.served >= MOST_CALLS || now - isolate.bornAt > LONGEST_LIFE_MS;
}

/** Whether an answer of its runner is pending. */
export function awaited({ onLoad, running }: IsolateHandle): boolean {
  return onLoad !== undefined || [...running.values()].some(({ outstanding }) => outstanding > 0);
}

export function idle(isolate: IsolateHandle, now: number): boolean {
  return isolate.running.size === 0 && now - isolate.usedAt > IDLE_MS;
}
