// The isolates that the host believes to exist in its runners: created when a plugin first works in a runner, replaced when worn,
// dropped when unused.

import { type IsolateHandle, idle, type LoadedPlugin, type Tag, worn } from './plugin.ts';
import type { RunnerSlot } from './runners.ts';

export class Isolates {
  readonly #now: () => number;
  readonly #all = new Map<number, IsolateHandle>();
  #numbers = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get(number: number): IsolateHandle | undefined {
    return this.#all.get(number);
  }

  /** The plugin's isolate in that runner, created if needed; undefined while the runner pauses. */
  at(plugin: LoadedPlugin, slot: RunnerSlot<Tag>): IsolateHandle | undefined {
    const now = this.#now();
    const existing = plugin.isolates.get(slot);
    if (existing && !worn(existing, now)) return existing;
    const process = slot.process();
    if (!process) return undefined;
    if (existing) this.#drain(existing);
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
    this.#all.set(isolate.number, isolate);
    plugin.isolates.set(slot, isolate);
    slot.isolates += 1;
    process.send(
      { type: 'load', isolate: isolate.number, text: plugin.loadText(now, slot.role === 'trial') },
      { isolate },
    );
    this.#leaveOthers(plugin, slot);
    return isolate;
  }

  drop(isolate: IsolateHandle): void {
    if (!this.#all.has(isolate.number)) return;
    isolate.slot.current?.send({ type: 'drop', isolate: isolate.number, text: '' }, { isolate });
    this.forget(isolate);
  }

  dropIdle(): void {
    const now = this.#now();
    for (const isolate of this.#all.values()) if (idle(isolate, now)) this.drop(isolate);
  }

  /** Forgets an isolate that has ended. */
  forget(isolate: IsolateHandle): void {
    this.#all.delete(isolate.number);
    isolate.slot.isolates -= 1;
    const { isolates } = isolate.plugin;
    if (isolates.get(isolate.slot) === isolate) isolates.delete(isolate.slot);
  }

  in(slot: RunnerSlot<Tag>): IsolateHandle[] {
    return [...this.#all.values()].filter((isolate) => isolate.slot === slot);
  }

  /** Forgets all isolates of a dead runner. */
  forgetAll(slot: RunnerSlot<Tag>): IsolateHandle[] {
    const gone = this.in(slot);
    for (const isolate of gone) this.forget(isolate);
    return gone;
  }

  /** A plugin works in one runner at a time: its isolates elsewhere finish and are dropped. */
  #leaveOthers(plugin: LoadedPlugin, here: RunnerSlot<Tag>): void {
    if (here.role === 'trial') return;
    for (const [slot, isolate] of plugin.isolates) if (slot !== here && slot.role !== 'trial') this.#drain(isolate);
  }

  /** Frees its place among the plugin's isolates at once, and drops it after its last call. */
  #drain(isolate: IsolateHandle): void {
    isolate.draining = true;
    isolate.plugin.isolates.delete(isolate.slot);
    if (isolate.running.size === 0) this.drop(isolate);
  }
}
