// Saves what is typed, field by field, and loses none of it: not when the server is away, not when another writes at the
// same time, not when the page is loaded again. One of these for each command, and one for the note's own text.
//
// What is shown of a field is what was typed here until the server has it. Each field remembers from which value of the
// server's it was begun: when the server's value becomes another, only somebody else can have changed it, and both sides
// are shown. It knows no React, no DOM and no URL.

import { exactAt, putExact } from './exact.ts';
import { same } from './same.ts';
import type { Autosaving, FieldView, Outcome, Standing, Stored, View } from './saving.ts';
import { journalText, type Typed, typedFrom, typedIn, wire } from './typed.ts';

/** Milliseconds without a keystroke after which a change is sent. */
const IDLE_MS = 400;
/** Milliseconds before it is tried again while the server is away; doubled each time. */
const AGAIN_MS = 1_000;
const AGAIN_MOST_MS = 15_000;

export class Autosave<S extends Stored, P> {
  readonly #how: Autosaving<S, P>;
  readonly #local = new Map<string, Typed>();
  readonly #watchers = new Set<() => void>();
  #stored: S;
  #view: View<S, P>;
  /** What is on its way. */
  #flying: ReadonlyMap<string, unknown> | undefined;
  #away = 0;
  #cancel: (() => void) | undefined;
  #problem: P | undefined;
  #closed = false;
  #settling: ((clean: boolean) => void)[] = [];

  constructor(stored: S, how: Autosaving<S, P>) {
    this.#how = how;
    this.#stored = stored;
    this.#restore();
    this.#view = this.#look();
    if (this.#ready().length > 0) this.#wait(0);
  }

  get view(): View<S, P> {
    return this.#view;
  }

  watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  };

  /** What is shown of a field, a number as it is written. */
  value(field: string): unknown {
    const local = this.#local.get(field);
    return local ? local.value : exactAt(this.#stored.fields, field);
  }

  /** A number that is written in another way than JavaScript prints it is given as an Exact. */
  edit(field: string, value: unknown): void {
    const local = this.#at(field);
    local.value = value;
    local.dirty = true;
    local.fault = undefined;
    this.#unhold();
    this.#meet(field, local, exactAt(this.#stored.fields, field));
    this.#keep();
    this.#wait(IDLE_MS);
    this.#tell();
  }

  /** The cursor came to a field: nothing changes under it. */
  focus(field: string): void {
    this.#at(field).focused = true;
  }

  blur(field: string): void {
    const local = this.#local.get(field);
    if (!local) return;
    local.focused = false;
    this.#tidy(field, local);
    this.flush();
    this.#tell();
  }

  /** Of two sides of a field, the one to go on with. */
  choose(field: string, side: 'mine' | 'theirs'): void {
    const local = this.#local.get(field);
    if (!local?.theirs) return;
    if (side === 'theirs') Object.assign(local, { ...typedFrom(local.theirs.value), focused: local.focused });
    else Object.assign(local, { from: local.theirs.value, theirs: undefined });
    this.#tidy(field, local);
    this.#keep();
    this.flush();
    this.#tell();
  }

  /** Gives up what was typed here and is not saved. */
  discard(): void {
    for (const [field, local] of this.#local) {
      if (local.focused) Object.assign(local, { ...typedFrom(exactAt(this.#stored.fields, field)), focused: true });
      else this.#local.delete(field);
    }
    this.#problem = undefined;
    this.#keep();
    this.#tell();
  }

  /** Sends what is ready, now: also what was held, when its problem was answered. */
  flush = (): void => {
    this.#cancel?.();
    this.#cancel = undefined;
    void this.#send();
  };

  /** The problem was answered, or has passed. */
  release(): void {
    this.#unhold();
    this.flush();
    this.#tell();
  }

  /** Sends everything; true when the server has all of it, false when something has to be done about it first. */
  settle(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#settling.push(resolve);
      this.flush();
      this.#settle();
    });
  }

  /** The server's state came from elsewhere: read again, or the answer to another request. */
  take(stored: S): void {
    if (stored.version <= this.#stored.version) return;
    this.#adopt(stored);
    this.#tell();
  }

  /** Nobody looks at it any more: it is sent once more, and what does not arrive stays in the journal. */
  close(): void {
    this.flush();
    this.#closed = true;
    for (const resolve of this.#settling.splice(0)) resolve(false);
  }

  #at(field: string): Typed {
    const found = this.#local.get(field);
    if (found) return found;
    const local = typedFrom(exactAt(this.#stored.fields, field));
    this.#local.set(field, local);
    return local;
  }

  #adopt(stored: S): void {
    this.#stored = stored;
    for (const [field, local] of this.#local) {
      this.#meet(field, local, exactAt(stored.fields, field));
      this.#tidy(field, local);
    }
    this.#keep();
  }

  /** A field as it is here meets the server's value of it. */
  #meet(field: string, local: Typed, theirs: unknown): void {
    const underway = this.#underway(field, local);
    if (same(theirs, wire(local.value)) && underway.every((value) => same(value, theirs))) {
      Object.assign(local, { from: theirs, dirty: false, lost: [], theirs: undefined });
    } else if (same(theirs, local.from)) local.theirs = undefined;
    else if (underway.some((value) => same(value, theirs))) Object.assign(local, { from: theirs, theirs: undefined });
    else if (local.dirty) this.#collide(field, local, theirs);
  }

  /** What the server may hold of ours, now or in a moment. */
  #underway(field: string, { lost }: Typed): readonly unknown[] {
    return this.#flying?.has(field) ? [...lost, this.#flying.get(field)] : lost;
  }

  #collide(field: string, local: Typed, theirs: unknown): void {
    const merged = this.#how.merge?.(field, { from: local.from, mine: local.value, theirs });
    if (merged === undefined) local.theirs = { value: theirs };
    else Object.assign(local, { value: merged, from: theirs, theirs: undefined, dirty: !same(wire(merged), theirs) });
  }

  #tidy(field: string, local: Typed): void {
    if (!local.dirty && !local.focused && !local.theirs) this.#local.delete(field);
  }

  #ready(): string[] {
    if (this.#problem !== undefined) return [];
    return [...this.#local].flatMap(([field, { dirty, fault, theirs }]) =>
      dirty && fault === undefined && !theirs ? [field] : [],
    );
  }

  async #send(): Promise<void> {
    const ready = this.#ready();
    if (this.#flying || ready.length === 0) return;
    const names = this.#how.batch?.(ready) ?? ready;
    const sent = new Map(names.map((name) => [name, wire(this.#local.get(name)?.value)]));
    this.#flying = sent;
    this.#keep();
    this.#tell();
    const { version } = this.#stored;
    const fields = {};
    for (const [name, value] of sent) putExact(fields, name, value ?? null);
    const outcome = await this.#how.send(fields, this.#stored);
    this.#flying = undefined;
    this.#answer(outcome, sent, version);
    this.#tell();
    this.#settle();
  }

  #answer(outcome: Outcome<S, P>, sent: ReadonlyMap<string, unknown>, version: number): void {
    if (outcome.type === 'away') {
      this.#lose(sent);
      return;
    }
    this.#away = 0;
    if (outcome.type === 'saved') this.#acknowledge(outcome.now, sent);
    else if (outcome.type !== 'conflict') this.#mark(outcome, sent);
    else if (outcome.now.version > this.#stored.version || this.#stored.version === version) this.#adopt(outcome.now);
    // What was typed meanwhile waits for its own pause; the rest goes on at once.
    if (!this.#cancel || this.#settling.length > 0) this.flush();
  }

  #lose(sent: ReadonlyMap<string, unknown>): void {
    for (const [field, value] of sent) {
      const local = this.#local.get(field);
      if (local && !local.lost.some((one) => same(one, value))) local.lost = [...local.lost, value];
    }
    this.#keep();
    this.#away++;
    this.#wait(Math.min(AGAIN_MS * 2 ** (this.#away - 1), AGAIN_MOST_MS));
  }

  #acknowledge(now: S, sent: ReadonlyMap<string, unknown>): void {
    for (const [field, value] of sent) {
      const local = this.#local.get(field);
      if (!local) continue;
      // A plugin may have changed it on its way: that is still the answer to what was sent.
      Object.assign(local, { from: exactAt(now.fields, field), lost: [], theirs: undefined });
      if (same(wire(local.value), value)) local.dirty = false;
    }
    this.#adopt(now.version >= this.#stored.version ? now : this.#stored);
  }

  #mark(outcome: Extract<Outcome<S, P>, { type: 'unfit' | 'held' }>, sent: ReadonlyMap<string, unknown>): void {
    for (const [field, value] of sent) {
      const local = this.#local.get(field);
      // Of what was typed since, nothing was said.
      if (local && same(wire(local.value), value)) local.fault = outcome.faults[field];
    }
    if (outcome.type === 'held') this.#problem = outcome.problem;
    this.#keep();
  }

  /** A problem is about what was sent together: after any change all of it is tried again. */
  #unhold(): void {
    if (this.#problem === undefined) return;
    this.#problem = undefined;
    for (const local of this.#local.values()) local.fault = undefined;
  }

  #wait(ms: number): void {
    this.#cancel?.();
    this.#cancel = this.#closed ? undefined : this.#how.later(ms, this.flush);
  }

  #settle(): void {
    if (this.#settling.length === 0 || this.#flying) return;
    const clean = ![...this.#local.values()].some(({ dirty }) => dirty);
    if (!clean && this.#away === 0 && this.#ready().length > 0) return;
    for (const resolve of this.#settling.splice(0)) resolve(clean);
  }

  #keep(): void {
    const dirty = [...this.#local].filter(([, local]) => local.dirty);
    if (dirty.length === 0) this.#how.journal.remove();
    else {
      const kept = dirty.map(([field, local]) => [field, { ...local, lost: this.#underway(field, local) }] as const);
      this.#how.journal.write(journalText(kept));
    }
  }

  #restore(): void {
    const kept = this.#how.journal.read();
    if (kept === null) return;
    for (const [field, local] of typedIn(kept)) {
      this.#local.set(field, local);
      this.#meet(field, local, exactAt(this.#stored.fields, field));
      this.#tidy(field, local);
    }
    this.#keep();
  }

  #standing(): Standing {
    if (this.#flying) return 'saving';
    const dirty = [...this.#local.values()].filter((local) => local.dirty);
    if (dirty.length === 0) return 'saved';
    if (this.#away > 0) return 'away';
    return this.#ready().length > 0 ? 'unsaved' : 'stuck';
  }

  #look(): View<S, P> {
    const fields = [...this.#local].map(([field, { value, fault, theirs }]): [string, FieldView] => [
      field,
      {
        ...putExact({ value }, 'value', value),
        ...(fault !== undefined && { fault }),
        ...(theirs && { theirs: putExact({ value: theirs.value }, 'value', theirs.value) }),
      },
    ]);
    return {
      stored: this.#stored,
      standing: this.#standing(),
      fields: Object.fromEntries(fields),
      ...(this.#problem !== undefined && { problem: this.#problem }),
    };
  }

  #tell(): void {
    this.#view = this.#look();
    for (const watcher of this.#watchers) watcher();
  }
}
