// One runner process as the host sees it: receives batches, is watched, and is never trusted.

import type { ChildProcess } from 'node:child_process';
import { BATCH, decodeFrame, encodeFrame, FrameReader, TO_RUNNER, WINDOW } from './frames.ts';
import type { Isolation } from './isolation.ts';
import { type FromRunner, parseFromRunner, type ToRunner } from './protocol.ts';
import { SendQueue } from './send-queue.ts';
import { type RunnerCode, spawnRunner } from './spawn.ts';
import { processorMs } from './usage.ts';

export interface ProcessOptions<Tag> {
  readonly code: RunnerCode;
  readonly isolation: Isolation;
  patience(entry: ToRunner, tag: Tag): Patience;
}

/** Time limits of an entry, in ms. */
export interface Patience {
  /** Wall time. The process is killed a second later. */
  readonly wallMs: number;
  /** Processor time of the runner, enforced at once. If absent, the runner itself ends a step. */
  readonly cpuMs?: number;
}

export interface ProcessEvents<Tag> {
  /** `sent` gives the tag of an entry in the answered batch, by position. */
  onAnswer(entry: FromRunner, sent: (position: number) => Tag | undefined): void;
  /** The runner has finished an entry; its answers came before. */
  onFinished(tag: Tag): void;
  /** The runner has spent longer than a turn on the batch of `tag`. Called every few ms until it ends. */
  onBusy?(tag: Tag, held: boolean): void;
  /** Entries with these tags will never be answered. The runner was at the first. */
  onExit(death: Death, unanswered: readonly Tag[]): void;
}

/** `silent`: killed for not answering. `memory`: killed for using too much. `crash`: anything else. */
export interface Death {
  readonly cause: 'silent' | 'memory' | 'crash';
  readonly reason: string;
  /** Known processor time in ms of its current entry. */
  readonly ranMs: number;
}

/** Processor time in ms; undefined if unavailable. */
interface Reading {
  readonly cpuMs: number | undefined;
  readonly at: number;
}

interface SentBatch<Tag> {
  readonly number: number;
  readonly isolate: number;
  readonly tags: readonly Tag[];
  readonly patience: Patience;
  /** When the runner started it. */
  since: number;
  /** Processor time of the runner in ms, at the first reading. */
  read?: Reading;
  /** The same, since it reached its current entry. */
  readThere?: Reading;
  /** Known processor time in ms of that entry. */
  ranMs: number;
  finished: number;
}

/** An answer that the host hasn't handled completely. */
interface Unheard<Tag> {
  readonly batch: SentBatch<Tag>;
  readonly entries: readonly FromRunner[];
  readonly finished: readonly Tag[];
  heard: number;
}

const START_MS = 10_000;
const PATIENCE_MS = 1_000;
const WATCH_MS = 20;
/** Computing this long for one isolate blocks a runner. */
const HELD_MS = 40;
/** So does taking this long in any way. */
const LONG_HELD_MS = 120;
/** Milliseconds of handling answers before other work of this process gets a turn. */
const HEARING_MS = 8;

export class RunnerProcess<Tag> {
  readonly #options: ProcessOptions<Tag>;
  #events: ProcessEvents<Tag>;
  readonly #child: ChildProcess;
  readonly #reader = new FrameReader();
  readonly #sent: SentBatch<Tag>[] = [];
  readonly #queue = new SendQueue<Tag>();
  readonly #unheard: Unheard<Tag>[] = [];
  #hearing = false;
  #flushing = false;
  #batches = 0;
  #ready = false;
  #dead: string | undefined;
  #watch: NodeJS.Timeout | undefined;
  #overdueAt: number;

  constructor(options: ProcessOptions<Tag>, events: ProcessEvents<Tag>) {
    this.#options = options;
    this.#events = events;
    this.#child = spawnRunner(options.code, options.isolation);
    this.#overdueAt = performance.now() + START_MS;
    this.#child.stdout!.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#child.stdin!.on('error', () => this.kill('it does not read'));
    this.#child.on('error', (error) => this.#ended(`it could not be started: ${error.message}`));
    this.#child.on('exit', (code, signal) =>
      this.#ended(signal ? `it ended by ${signal}` : `it ended with code ${code}`),
    );
    // An aborting engine may quote a plugin's data in its output, so the output is read and discarded.
    this.#child.stderr!.resume();
    this.#watch = this.#startWatching();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get ready(): boolean {
    return this.#ready;
  }

  get alive(): boolean {
    return this.#dead === undefined;
  }

  /** Sets the receiver of events, for a process that hasn't done anything yet. */
  take(events: ProcessEvents<Tag>): void {
    this.#events = events;
  }

  send(entry: ToRunner, tag: Tag): void {
    this.#queue.add(entry, tag);
    if (this.#flushing) return;
    this.#flushing = true;
    // Runs after the events of this tick, so that their results go out in one write.
    setImmediate(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  /** Removes unsent entries of an isolate. */
  takeBack(isolate: number): void {
    this.#queue.remove(isolate);
  }

  kill(reason: string, cause: Death['cause'] = 'crash'): void {
    if (this.#dead !== undefined) return;
    this.#child.kill('SIGKILL');
    this.#ended(reason, cause);
  }

  #flush(): void {
    if (this.#dead !== undefined) return;
    this.#watch ??= this.#startWatching();
    while (this.#queue.size > 0 && this.#sent.length < WINDOW) {
      const part = this.#queue.take(BATCH);
      const number = ++this.#batches;
      const patience = longest(part.map(({ entry, tag }) => this.#options.patience(entry, tag)));
      const { isolate } = part[0]!.entry;
      const tags = part.map(({ tag }) => tag);
      this.#sent.push({ number, isolate, tags, patience, since: performance.now(), ranMs: 0, finished: 0 });
      if (this.#sent.length === 1) this.#extend();
      const entries = part.map(({ entry }) => ({
        kind: TO_RUNNER[entry.type],
        isolate: entry.isolate,
        text: entry.text,
      }));
      this.#child.stdin!.write(encodeFrame({ batch: number, finished: 0, entries }));
    }
  }

  #read(chunk: Buffer): void {
    if (this.#dead !== undefined) return;
    const bodies = this.#reader.push(chunk);
    if (bodies === undefined) {
      this.kill('it sent a frame that is too long');
      return;
    }
    for (const body of bodies) {
      if (!this.#answer(body)) {
        this.kill('it sent what a runner does not send');
        return;
      }
      if (this.#dead !== undefined) return;
    }
    this.#flush();
  }

  /** False if the answer doesn't match the request. */
  #answer(body: Buffer): boolean {
    const answer = decodeFrame(body);
    if (!answer) return false;
    const entries: FromRunner[] = [];
    for (const raw of answer.entries) {
      const entry = parseFromRunner(raw);
      if (!entry) return false;
      entries.push(entry);
    }
    if (answer.batch === 0) {
      if (this.#ready || entries.length !== 1 || entries[0]!.type !== 'ready') return false;
      this.#ready = true;
      this.#extend();
      return true;
    }
    const batch = this.#sent[0];
    if (!this.#ready || batch?.number !== answer.batch) return false;
    if (answer.finished <= batch.finished || answer.finished > batch.tags.length) return false;
    const finished = batch.tags.slice(batch.finished, answer.finished);
    batch.finished = answer.finished;
    batch.readThere = undefined;
    batch.ranMs = 0;
    if (batch.finished === batch.tags.length) this.#next(batch);
    this.#extend();
    this.#unheard.push({ batch, entries, finished, heard: 0 });
    if (!this.#hearing) this.#hear();
    return true;
  }

  /** The runner continues with the next batch. */
  #next(batch: SentBatch<Tag>): void {
    const now = performance.now();
    this.#queue.charge(batch.isolate, batch.tags.length, now - batch.since);
    this.#sent.shift();
    if (this.#sent[0]) this.#sent[0].since = now;
  }

  /** Handles answers in order, in short slices. */
  #hear(): void {
    const end = performance.now() + HEARING_MS;
    for (let next = this.#unheard[0]; next; next = this.#unheard[0]) {
      const { batch, entries, finished } = next;
      while (next.heard < entries.length) {
        this.#hearing = performance.now() > end;
        if (this.#hearing) return void setImmediate(() => this.#hear());
        this.#events.onAnswer(entries[next.heard++]!, (position) => batch.tags[position]);
        // Handling may have ended it.
        if (this.#unheard[0] !== next) return;
      }
      this.#unheard.shift();
      for (const tag of finished) this.#events.onFinished(tag);
    }
    this.#hearing = false;
  }

  #extend(): void {
    if (!this.#ready) return;
    this.#overdueAt = performance.now() + (this.#sent[0]?.patience.wallMs ?? 0) + PATIENCE_MS;
  }

  #startWatching(): NodeJS.Timeout {
    let last = performance.now();
    const watch = setInterval(() => {
      const now = performance.now();
      const away = now - last;
      last = now;
      // If the host was suspended, the answer may be waiting to be read.
      if (away > WATCH_MS * 5) this.#overdueAt += away;
      const waiting = !this.#ready || this.#sent.length > 0;
      if (waiting && now > this.#overdueAt) this.kill(this.#ready ? 'it did not answer' : 'it did not start', 'silent');
      else if (this.#ready && this.#sent[0]) this.#lookAt(this.#sent[0], now);
      else if (!waiting && now > this.#overdueAt) {
        clearInterval(watch);
        this.#watch = undefined;
      }
    }, WATCH_MS);
    return watch.unref();
  }

  /** A machine that delays the runner is no fault of an isolate, so computing time decides. */
  #lookAt(batch: SentBatch<Tag>, now: number): void {
    if (now - batch.since < WATCH_MS) return;
    const reading: Reading = { cpuMs: processorMs(this.pid!), at: now };
    batch.read ??= reading;
    batch.readThere ??= reading;
    batch.ranMs = computedSince(batch.readThere, reading);
    if (batch.ranMs > (batch.patience.cpuMs ?? Number.POSITIVE_INFINITY)) {
      this.kill('it computed for too long', 'silent');
      return;
    }
    const held = computedSince(batch.read, reading) >= HELD_MS || now - batch.read.at >= LONG_HELD_MS;
    this.#events.onBusy?.(batch.tags[batch.finished]!, held);
  }

  #ended(reason: string, cause: Death['cause'] = 'crash'): void {
    if (this.#dead !== undefined) return;
    this.#dead = reason;
    clearInterval(this.#watch);
    this.#unheard.length = 0;
    const unanswered = this.#sent.flatMap((batch) => batch.tags.slice(batch.finished));
    this.#events.onExit({ cause, reason, ranMs: this.#sent[0]?.ranMs ?? 0 }, unanswered);
  }
}

function longest(of: readonly Patience[]): Patience {
  const cpu = of.map(({ cpuMs }) => cpuMs ?? Number.POSITIVE_INFINITY);
  return { wallMs: Math.max(...of.map(({ wallMs }) => wallMs)), cpuMs: Math.max(...cpu) };
}

/** Milliseconds of processor time, or wall time if unavailable. */
function computedSince(from: Reading, to: Reading): number {
  return to.cpuMs === undefined ? to.at - from.at : to.cpuMs - (from.cpuMs ?? to.cpuMs);
}
