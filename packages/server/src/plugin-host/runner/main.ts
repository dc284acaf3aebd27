// The runner process: holds isolates and moves text between them and the host, never reading it. It has nothing to lose:
// no network, no files, no environment, no privileges. One thread, one loop: a blocking read, the steps, a write.

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
  /** Another user to become once the engine is loaded, or null. */
  readonly uid: number | null;
}

/** Given by the bootstrap of process.ts, which reads it and this script from standard input. */
declare const setup: RunnerSetup;

/** What is finished is written after this many milliseconds, even when the batch is not. */
const WRITE_AFTER_MS = 10;
/** Reads after which Node's own event loop gets a turn: disposed isolates and the engine's finalizers need one. */
const READS_A_TURN = 256;
/**
 * What isolates said is held outside of the heap, and the heap that points to it is too small to be collected by itself:
 * past so many bytes it is.
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

/** `gc`, which is for the runner alone: the isolates made later do not find it in their worlds. */
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
  /** What the process had used when somebody was last charged for it. */
  #cpu = process.cpuUsage();
  /** What this thread had used when the step began that it is at. */
  #step = process.threadCpuUsage();

  constructor(engine: Engine, guest: string, libraries: readonly string[]) {
    this.#engine = engine;
    this.#loaderCode = { guest, libraries: libraries.map((text) => new engine.ExternalCopy(text)) };
  }

  /** Its entries are all of one isolate. */
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
    // A step for an isolate that has just ended: the host learns of the end from the same answer.
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

  /** Whatever ends an isolate ends it for good: after a timeout not even its memory may be trusted to be in order. */
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
