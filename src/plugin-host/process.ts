// One runner process, seen from the host: written to in batches, watched, and never believed.

import type { ChildProcess } from 'node:child_process';
import { BATCH, decodeFrame, encodeFrame, FrameReader, TO_RUNNER, WINDOW } from './frames.ts';
import type { Isolation } from './isolation.ts';
import { type FromRunner, parseFromRunner, type ToRunner } from './protocol.ts';
import { SendQueue } from './send-queue.ts';
import { type RunnerCode, spawnRunner } from './spawn.ts';

export interface ProcessOptions<Tag> {
  readonly code: RunnerCode;
  readonly isolation: Isolation;
  /** The longest that an entry may take, in ms; the process is killed a second later. */
  readonly longest: Readonly<Record<ToRunner['type'], number>>;
  /** `sent` gives the tag of an entry of the batch that is being answered, by its position. */
  onAnswer(entries: readonly FromRunner[], sent: (position: number) => Tag | undefined): void;
  /** The runner has come back from an entry; what it said of it was told before. */
  onFinished(tag: Tag): void;
  /** Whatever was sent with these tags has not been answered and never will be. */
  onExit(death: Death, unanswered: readonly Tag[]): void;
}

/** `silent`: killed since it did not answer; `memory`: killed for holding too much; `crash`: anything else. */
export interface Death {
  readonly cause: 'silent' | 'memory' | 'crash';
  readonly reason: string;
}

interface SentBatch<Tag> {
  readonly number: number;
  readonly tags: readonly Tag[];
  readonly longestMs: number;
  finished: number;
}

const START_MS = 10_000;
const PATIENCE_MS = 1_000;

export class RunnerProcess<Tag> {
  readonly #options: ProcessOptions<Tag>;
  readonly #child: ChildProcess;
  readonly #reader = new FrameReader();
  readonly #sent: SentBatch<Tag>[] = [];
  readonly #queue = new SendQueue<Tag>();
  #flushing = false;
  #batches = 0;
  #ready = false;
  #dead: string | undefined;
  #watch: NodeJS.Timeout | undefined;
  #overdueAt: number;

  constructor(options: ProcessOptions<Tag>) {
    this.#options = options;
    this.#child = spawnRunner(options.code, options.isolation);
    this.#overdueAt = performance.now() + START_MS;
    this.#child.stdout!.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#child.stdin!.on('error', () => this.kill('it does not read'));
    this.#child.on('error', (error) => this.#ended(`it could not be started: ${error.message}`));
    this.#child.on('exit', (code, signal) =>
      this.#ended(signal ? `it ended by ${signal}` : `it ended with code ${code}`),
    );
    // What an aborting engine prints may quote a plugin's data: it is read away and not kept.
    this.#child.stderr!.resume();
    this.#startWatching();
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

  get busy(): boolean {
    return this.#sent.length > 0;
  }

  send(entry: ToRunner, tag: Tag): void {
    this.#queue.add(entry, tag);
    if (this.#flushing) return;
    this.#flushing = true;
    // After the events of this tick, so that what they cause goes out in one write.
    setImmediate(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  kill(reason: string, cause: Death['cause'] = 'crash'): void {
    if (this.#dead !== undefined) return;
    this.#child.kill('SIGKILL');
    this.#ended(reason, cause);
  }

  #flush(): void {
    if (this.#dead !== undefined) return;
    while (this.#queue.size > 0 && this.#sent.length < WINDOW) {
      const part = this.#queue.take(BATCH);
      const number = ++this.#batches;
      const longestMs = Math.max(...part.map(({ entry }) => this.#options.longest[entry.type]));
      this.#sent.push({ number, tags: part.map(({ tag }) => tag), longestMs, finished: 0 });
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

  /** False when the answer does not fit what was asked. */
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
    if (batch.finished === batch.tags.length) this.#sent.shift();
    this.#extend();
    this.#options.onAnswer(entries, (position) => batch.tags[position]);
    for (const tag of finished) this.#options.onFinished(tag);
    return true;
  }

  #extend(): void {
    if (!this.#ready) return;
    this.#overdueAt = performance.now() + (this.#sent[0]?.longestMs ?? 0) + PATIENCE_MS;
  }

  #startWatching(): void {
    const every = 100;
    let last = performance.now();
    this.#watch = setInterval(() => {
      const now = performance.now();
      // When it is the host that stood still, the answer may be waiting to be read.
      if (now - last > every * 3) this.#overdueAt += now - last;
      last = now;
      const waiting = !this.#ready || this.#sent.length > 0;
      if (waiting && now > this.#overdueAt) this.kill(this.#ready ? 'it did not answer' : 'it did not start', 'silent');
    }, every);
    this.#watch.unref();
  }

  #ended(reason: string, cause: Death['cause'] = 'crash'): void {
    if (this.#dead !== undefined) return;
    this.#dead = reason;
    clearInterval(this.#watch);
    const unanswered = this.#sent.flatMap((batch) => batch.tags.slice(batch.finished));
    this.#options.onExit({ cause, reason }, unanswered);
  }
}
