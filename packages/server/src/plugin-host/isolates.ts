// The isolates that the host believes to be in its runners: made when a plugin first works in a runner, made anew when
// worn, dropped when nobody needs them.

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

  /** The plugin's isolate in that runner, made if there is none; undefined while the runner pauses. */
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

  /** It is gone from its runner. */
  forget(isolate: IsolateHandle): void {
    this.#all.delete(isolate.number);
    isolate.slot.isolates -= 1;
    const { isolates } = isolate.plugin;
    if (isolates.get(isolate.slot) === isolate) isolates.delete(isolate.slot);
  }

  in(slot: RunnerSlot<Tag>): IsolateHandle[] {
    return [...this.#all.values()].filter((isolate) => isolate.slot === slot);
  }

  /** All of a runner that has died. */
  forgetAll(slot: RunnerSlot<Tag>): IsolateHandle[] {
    const gone = this.in(slot);
    for (const isolate of gone) this.forget(isolate);
    return gone;
  }

  /** A plugin works in one runner at a time: isolates elsewhere finish and go. */
  #leaveOthers(plugin: LoadedPlugin, here: RunnerSlot<Tag>): void {
    if (here.role === 'trial') return;
    for (const [slot, isolate] of plugin.isolates) if (slot !== here && slot.role !== 'trial') this.#drain(isolate);
  }

  /** Its place among the plugin's isolates is free at once; it is dropped when its last call has ended. */
  #drain(isolate: IsolateHandle): void {
    isolate.draining = true;
    isolate.plugin.isolates.delete(isolate.slot);
    if (isolate.running.size === 0) this.drop(isolate);
  }
}
