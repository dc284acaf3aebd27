// The runner process: holds isolates and forwards text between them and the host, unread. It has no network, files, environment,
// or privileges to lose. One thread, one loop: a blocking read, the steps, a write.

import { writeSync } from 'node:fs';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { decodeFrame, encodeFrame, FROM_RUNNER, type RawEntry, TO_RUNNER } from '../frames.ts';
import type { LoadOptions } from '../protocol.ts';
import { Inbox } from './inbox.ts';
import { type Engine, Guest, type LoaderCode, type Trouble } from './isolate.ts';

export interface RunnerSetup {
  /** Path of isolated-vm's native module. */
  readonly engine: string;
  /** The loader: `guest.ts`, bundled. */
  readonly guestCode: string;
  /** The scripts of globals/. */
  readonly libraries: readonly string[];
  /** User id to switch to once the engine is loaded, or null. */
  readonly uid: number | null;
}

/** Set by the bootstrap of process.ts, which reads it and this script from standard input. */
declare const setup: RunnerSetup;

/** Finished entries are written after this many milliseconds, even if the batch isn't complete. */
const WRITE_AFTER_MS = 10;
/** Reads between turns of Node's event loop, which disposed isolates and the engine's finalizers need. */
const READS_A_TURN = 256;
/**
 * Isolates' output is stored outside the heap, which is too small to trigger collection by itself. So it is collected past this
 * many bytes.
 */
const MOST_EXTERNAL = 8_000_000;

function run({ engine, guestCode, libraries, uid }: RunnerSetup): void {
  const native = { exports: {} as { ivm: Engine } };
  process.dlopen(native, engine);
  if (uid !== null) {
    process.setgroups?.([]);
    process.setgid?.(uid);
    process.setuid?.(uid);
  }
  const runner = new Runner(native.exports.ivm, guestCode, libraries);
  write(encodeFrame({ batch: 0, finished: 0, entries: [{ kind: FROM_RUNNER.ready, isolate: 0, text: '' }] }));
  listen(runner);
}

function listen(runner: Runner): void {
  const inbox = new Inbox();
  const collectGarbage = garbageCollector();
  const turn = (): void => {
    for (let reads = 0; reads < READS_A_TURN && !runner.needsTurn; reads++) {
      if (!inbox.read()) process.exit(0);
      for (let body = inbox.take(); body; body = inbox.take()) runner.batch(body);
    }
    runner.needsTurn = false;
    if (getHeapStatistics().external_memory > MOST_EXTERNAL) collectGarbage();
    setImmediate(turn);
  };
  turn();
}

/** `gc`, only for the runner: isolates created later don't find it in their worlds. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return collect;
}

function write(frame: Buffer): void {
  for (let at = 0; at < frame.length; ) at += writeSync(1, frame, at);
}

class Runner {
  needsTurn = false;
  readonly #engine: Engine;
  readonly #loaderCode: LoaderCode;
  readonly #guests = new Map<number, Guest>();
  /** The process's usage when it was last charged. */
  #cpu = process.cpuUsage();
  /** This thread's usage at the start of the current step. */
  #step = process.threadCpuUsage();

  constructor(engine: Engine, guest: string, libraries: readonly string[]) {
    this.#engine = engine;
    this.#loaderCode = { guest, libraries: libraries.map((text) => new engine.ExternalCopy(text)) };
  }

  /** All entries belong to one isolate. */
  batch(body: Buffer): void {
    const { batch, entries } = decodeFrame(body)!;
    this.#cpu = process.cpuUsage();
    const touched = new Map<number, Guest>();
    let out: RawEntry[] = [];
    let wrote = Date.now();
    for (let index = 0; index < entries.length; index++) {
      const entry = entries[index]!;
      const trouble = this.#entry(entry, touched);
      if (trouble) out.push(this.#report(entry.isolate, index, trouble, touched));
      if (index === entries.length - 1 || trouble || Date.now() - wrote > WRITE_AFTER_MS) {
        this.#collect(touched, index, out);
        write(encodeFrame({ batch, finished: index + 1, entries: out }));
        out = [];
        wrote = Date.now();
      }
    }
  }

  #entry(entry: RawEntry, touched: Map<number, Guest>): (Trouble & { cpuMs?: number }) | undefined {
    const { isolate, text } = entry;
    this.#step = process.threadCpuUsage();
    if (entry.kind === TO_RUNNER.load) {
      const line = text.indexOf('\n');
      const options = JSON.parse(text.slice(0, line)) as LoadOptions;
      const guest = Guest.load(this.#engine, this.#loaderCode, options, text.slice(line + 1));
      if (!(guest instanceof Guest)) return guest;
      this.#guests.set(isolate, guest);
      touched.set(isolate, guest);
      return undefined;
    }
    const guest = this.#guests.get(isolate);
    if (entry.kind === TO_RUNNER.drop) {
      guest?.dispose();
      this.#guests.delete(isolate);
      touched.delete(isolate);
      this.needsTurn = true;
      return undefined;
    }
    // A step for an isolate that has just ended; the same answer informs the host.
    if (!guest) return undefined;
    touched.set(isolate, guest);
    return guest.push(text);
  }

  #collect(touched: Map<number, Guest>, index: number, out: RawEntry[]): void {
    for (const [isolate, guest] of touched) {
      this.#step = process.threadCpuUsage();
      const texts = guest.pull();
      if (!Array.isArray(texts)) {
        out.push(this.#report(isolate, index, texts, touched));
        continue;
      }
      for (const text of texts) out.push({ kind: FROM_RUNNER.said, isolate, text });
      this.#charge(guest);
      out.push({ kind: FROM_RUNNER.spent, isolate, text: String(guest.cpuMs) });
    }
    touched.clear();
  }

  #charge(guest: Guest): void {
    const now = process.cpuUsage();
    guest.cpuMs += (now.user - this.#cpu.user + now.system - this.#cpu.system) / 1_000;
    this.#cpu = now;
  }

  /** Every failure ends an isolate for good: after a timeout its memory can't be trusted. */
  #report(isolate: number, entry: number, trouble: Trouble, touched: Map<number, Guest>): RawEntry {
    if (trouble.why === 'stray') {
      return { kind: FROM_RUNNER.stray, isolate, text: JSON.stringify({ entry, message: trouble.detail }) };
    }
    const guest = this.#guests.get(isolate);
    if (guest) this.#charge(guest);
    const cpuMs = guest?.cpuMs ?? 0;
    guest?.dispose();
    this.#guests.delete(isolate);
    touched.delete(isolate);
    this.needsTurn = true;
    const step = process.threadCpuUsage(this.#step);
    const ranMs = (step.user + step.system) / 1_000;
    const end = { why: trouble.why, entry, cpuMs, ranMs, detail: trouble.detail };
    return { kind: FROM_RUNNER.ended, isolate, text: JSON.stringify(end) };
  }
}

run(setup);
