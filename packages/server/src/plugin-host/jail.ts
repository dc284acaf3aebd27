// A build process as the host sees it, from start to answer or end. The host trusts nothing it sends.

import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { AnswerReader, type BuildAnswer, type BuildHead } from './build-answer.ts';
import { isBuildHead } from './build-head.ts';
import { builderCode } from './builder-code.ts';
import { detectIsolation } from './isolation.ts';
import { framed, spawnBuilder } from './spawn.ts';

export interface BuildLimits {
  /** Wall time in ms. */
  readonly longestMs: number;
}

export const BUILD_LIMITS: BuildLimits = { longestMs: 45_000 };

const REASONS = {
  memory: 'it needed more memory than a build may have',
  time: 'it needed more processor time than a build may have',
  nesting: 'its code or its data is nested too deeply',
} as const;
const BROKE_OFF = 'the process that built it broke off';

/**
 * Builds a package in a process of its own.
 *
 * @throws {Refusal} `plugin.build-stopped`, or `plugin.builder` when the package isn't at fault
 */
export async function buildInJail(tgz: Buffer, limits: BuildLimits): Promise<BuildAnswer<BuildHead>> {
  const jail = await Jail.open();
  try {
    return await jail.build(tgz, limits);
  } finally {
    await jail.close();
  }
}

/** A build process, in the same isolation as runners. */
export class Jail {
  readonly #child: ChildProcess;
  readonly #gone: Promise<{ failure: Refusal }>;
  #ready = false;

  private constructor(child: ChildProcess) {
    this.#child = child;
    // An aborting engine may quote the plugin in its output, so the output is read and discarded.
    child.stderr!.resume();
    this.#gone = new Promise((resolve) => {
      child.on('error', (error) => resolve({ failure: unable(error.message) }));
      child.on('close', (code, signal) => {
        const early = unable(`the process ended by ${signal ?? `code ${code}`} before it began`);
        resolve({ failure: this.#ready ? stopped(reasonOf(code, signal)) : early });
      });
    });
  }

  static async open(): Promise<Jail> {
    const [code, isolation] = await Promise.all([builderCode(), detectIsolation('builder', [])]);
    return new Jail(spawnBuilder(code, isolation));
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Builds one package at a time. After an error the process can't be used again. */
  async build(tgz: Buffer, { longestMs }: BuildLimits): Promise<BuildAnswer<BuildHead>> {
    const { promise, resolve, reject } = Promise.withResolvers<BuildAnswer>();
    const late = setTimeout(() => reject(stopped(`it took longer than ${longestMs / 1_000} s`)), longestMs);
    const reader = new AnswerReader(this.#ready);
    const read = (piece: Buffer): void => {
      const answer = reader.push(piece);
      this.#ready = reader.ready;
      if (answer === 'too large') reject(stopped('what came of it is too large'));
      else if (answer === 'malformed') reject(stopped(BROKE_OFF));
      else if (answer) resolve(answer);
    };
    this.#child.stdout!.on('data', read);
    void this.#gone.then(({ failure }) => reject(failure));
    this.#child.stdin!.write(framed(tgz));
    try {
      const { head, ...made } = await promise;
      if (!isBuildHead(head)) throw stopped(BROKE_OFF);
      if (head.stopped) throw stopped(REASONS[head.stopped]);
      return { head, ...made };
    } finally {
      clearTimeout(late);
      this.#child.stdout!.off('data', read);
    }
  }

  /** Lets the host exit while the process waits for a package; the process ends with the host. */
  rest(): void {
    const { stdin, stdout, stderr } = this.#child;
    for (const it of [this.#child, stdin, stdout, stderr] as unknown as { unref(): void }[]) it.unref();
  }

  wake(): void {
    const { stdin, stdout, stderr } = this.#child;
    for (const it of [this.#child, stdin, stdout, stderr] as unknown as { ref(): void }[]) it.ref();
  }

  /** Kills the process and its children (it leads a process group), and waits until they are gone. */
  async close(): Promise<void> {
    const { pid } = this.#child;
    if (pid !== undefined && this.alive) {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        this.#child.kill('SIGKILL');
      }
    }
    this.wake();
    this.#child.stdout!.resume();
    await this.#gone;
  }
}

/** Why it ended by itself. bubblewrap and the shell report a signal as 128 plus its number. */
function reasonOf(code: number | null, signal: NodeJS.Signals | null): string {
  const number = signal ? constants.signals[signal] : (code ?? 0) - 128;
  if (number === constants.signals.SIGXCPU) return REASONS.time;
  // Out of memory, the engine aborts and the kernel kills.
  return number > 0 ? REASONS.memory : BROKE_OFF;
}

function stopped(reason: string): Refusal {
  return new Refusal('plugin.build-stopped', { reason });
}

function unable(reason: string): Refusal {
  return new Refusal('plugin.builder', { reason });
}
