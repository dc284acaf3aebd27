// Which runner a plugin works in. Plugins that people wait for have their own runners during probation. One that blocks its
// runner stays there alone, and the others move.

import type { RunnersStatus } from './contract.ts';
import type { LoadedPlugin, Tag } from './plugin.ts';
import { type Role, RunnerSlot, type SlotEvents, type Spare } from './runners.ts';
import { giveWay } from './usage.ts';

/** Runners for new plugins that people wait for and for plugins that block others; any more share them. */
const MOST_ASKED = 4;
const MOST_HELD = 3;
/** Milliseconds that a plugin stays apart after it blocked others. */
const APART_MS = 60_000;
/** Milliseconds without a trial after which the trial runner ends. */
const TRIAL_REST_MS = 60_000;

type Slot = RunnerSlot<Tag>;

export class Places {
  readonly #spare: Spare<Tag>;
  readonly #events: (slot: () => Slot) => SlotEvents<Tag>;
  readonly #probation: Slot[];
  readonly #main: Slot[];
  readonly #asked: Slot[] = [];
  readonly #held: Slot[] = [];
  /** Slots that end once their isolates have moved. */
  readonly #closing: Slot[] = [];
  readonly trial: Slot;

  /** @param events handlers of what a slot's runner says */
  constructor(mainRunners: number, spare: Spare<Tag>, events: (slot: () => Slot) => SlotEvents<Tag>) {
    this.#spare = spare;
    this.#events = events;
    this.#probation = [this.#slot('probation')];
    this.trial = this.#slot('trial');
    this.#main = Array.from({ length: mainRunners }, () => this.#slot('main'));
    this.probation.process();
  }

  get probation(): Slot {
    return this.#probation[0]!;
  }

  of(plugin: LoadedPlugin, now: number): Slot {
    if (now < plugin.heldUntil) return this.#home(plugin, this.#held, MOST_HELD);
    const newcomers = plugin.isAsked ? this.#asked : this.#probation;
    if (plugin.standing.where(now) === 'main' && this.#main.length > 0) {
      const main = this.#home(plugin, this.#main, 0);
      if (main.process()?.ready) return main;
      // It is starting. Until it is ready, calls continue where they are.
      const present = newcomers.find((slot) => plugin.isolates.has(slot));
      return present ?? main;
    }
    return plugin.isAsked ? this.#home(plugin, this.#asked, MOST_ASKED) : this.probation;
  }

  /** A plugin blocks its runner and keeps it; others get a new one. False if its only neighbors are such plugins. */
  leaveTo(plugin: LoadedPlugin, slot: Slot, now: number): boolean {
    plugin.heldUntil = now + APART_MS;
    const among = [this.#probation, this.#main, this.#asked].find((slots) => slots.includes(slot));
    if (!among) return false;
    among[among.indexOf(slot)] = this.#slot(slot.role);
    slot.role = 'apart';
    (this.#held.length < MOST_HELD ? this.#held : this.#closing).push(slot);
    if (slot.current?.pid !== undefined) giveWay(slot.current.pid);
    return true;
  }

  /** @param trialIdleMs milliseconds since the last trial */
  tidy(trialIdleMs: number): void {
    for (const slot of this.#all) slot.checkMemory();
    if (this.trial.current && trialIdleMs > TRIAL_REST_MS) this.trial.rest();
    for (const slots of [this.#asked, this.#held, this.#closing]) {
      for (const slot of slots.filter(({ isolates }) => isolates === 0)) {
        slot.stop();
        slots.splice(slots.indexOf(slot), 1);
      }
    }
  }

  status(): RunnersStatus['processes'] {
    return this.#all.map(({ role, current, isolates, deaths }) => ({ role, pid: current?.pid, isolates, deaths }));
  }

  stop(): void {
    this.#spare.stop();
    for (const slot of this.#all) slot.stop();
  }

  get #all(): Slot[] {
    return [...this.#probation, this.trial, ...this.#main, ...this.#asked, ...this.#held, ...this.#closing];
  }

  /** Its current place, or a free one: a place of its own while there are at most `most`. */
  #home(plugin: LoadedPlugin, slots: Slot[], most: number): Slot {
    const used = slots.find((slot) => plugin.isolates.has(slot));
    if (used) return used;
    const least = slots.length > 0 ? slots.reduce((a, b) => (b.isolates < a.isolates ? b : a)) : undefined;
    if (least && (least.isolates === 0 || slots.length >= most)) return least;
    const slot = this.#slot('apart');
    slots.push(slot);
    return slot;
  }

  #slot(role: Role): Slot {
    const slot: Slot = new RunnerSlot(
      role,
      (events) => this.#spare.take(events),
      this.#events(() => slot),
    );
    return slot;
  }
}
