// What the host keeps about one loaded build of a plugin: its standing, its isolates, and the calls that wait for one.

import type { RunningCall } from './call.ts';
import type { HandlerInfo, PluginBuild } from './contract.ts';
import { type Limits, limitsFor, stepWallMs } from './limits.ts';
import type { LoadOptions } from './protocol.ts';
import type { RunnerSlot } from './runners.ts';
import { StackMapper } from './stack.ts';
import { Standing } from './standing.ts';

/** A call on its way to its end. */
export interface Job {
  readonly call: RunningCall;
  readonly plugin: LoadedPlugin;
  /** The isolate that runs it; undefined while it waits. */
  isolate?: IsolateHandle;
  /** Steps that the runner has not come to, or not come back from. */
  outstanding: number;
  /** How often it was taken to another runner because a neighbor held its own up. */
  moves: number;
  /** Milliseconds that it was given beyond its time, because its turn had not come. */
  graceMs: number;
  /** Ends it when it takes too long; its meaning changes when an isolate takes it. */
  timer?: NodeJS.Timeout;
}

/** What an entry sent to a runner was for. */
export interface Tag {
  readonly isolate: IsolateHandle;
  /** Absent when it loads or drops the isolate. */
  readonly job?: Job;
}

/** One isolate of a plugin in one runner process. Its number is never used again. */
export interface IsolateHandle {
  readonly number: number;
  readonly plugin: LoadedPlugin;
  readonly slot: RunnerSlot<Tag>;
  readonly running: Map<number, Job>;
  readonly bornAt: number;
  usedAt: number;
  served: number;
  cpuMs: number;
  /** Takes no more calls, and is dropped when those it runs have ended. */
  draining: boolean;
  /** How often it was tried to load, when its runner died meanwhile. */
  loads: number;
  /** Told what the script registers, or why it does not load; the first isolate of a build only. */
  onLoad?: (outcome: { handlers: readonly HandlerInfo[] } | { failed: string }) => void;
}

/** An isolate is made anew after so many calls, or so long. */
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
  /** Calls that no isolate has taken yet, in order. */
  readonly waiting: Job[] = [];
  /** People wait for its answers: some of its handlers are gates or answer searches. */
  isAsked = false;
  /** Until when it works apart from others, whom it held up; milliseconds since 1970. */
  heldUntil = 0;
  /** Unloaded, or replaced by another build: finishes what it has. */
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

  /** Text of the entry that loads it. `alone`: to be tried without neighbors. */
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

  /** Whether it has used up its processor time of this minute. */
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

/** Whether an isolate has served long enough. */
export function worn(isolate: IsolateHandle, now: number): boolean {
  return isolate.served >= MOST_CALLS || now - isolate.bornAt > LONGEST_LIFE_MS;
}

/** Whether its runner owes it something. */
export function awaited({ onLoad, running }: IsolateHandle): boolean {
  return onLoad !== undefined || [...running.values()].some(({ outstanding }) => outstanding > 0);
}

export function idle(isolate: IsolateHandle, now: number): boolean {
  return isolate.running.size === 0 && now - isolate.usedAt > IDLE_MS;
}
