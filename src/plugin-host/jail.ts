// One build in a process of its own, from its start to its answer or its end: seen from the host, which believes nothing.

import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { Refusal } from '#kit/errors.ts';
import { AnswerReader, type BuildAnswer, type BuildHead } from './build-answer.ts';
import { isBuildHead } from './build-head.ts';
import { builderCode } from './builder-code.ts';
import { detectIsolation } from './isolation.ts';
import { spawnBuilder } from './spawn.ts';

export interface BuildLimits {
  /** Wall time, in ms. */
  readonly longestMs: number;
}

export const BUILD_LIMITS: BuildLimits = { longestMs: 45_000 };

const REASONS = {
  memory: 'it needed more memory than a build may have',
  time: 'it needed more processor time than a build may have',
  nesting: 'its code or its data is nested too deeply',
} as const;
const BROKE_OFF = 'the process that built it broke off';

/** What the process made of a package. Throws a Refusal `plugin.build-stopped`, or `plugin.builder` when it is not at fault. */
export async function buildInJail(tgz: Buffer, { longestMs }: BuildLimits): Promise<BuildAnswer<BuildHead>> {
  const [code, isolation] = await Promise.all([builderCode(), detectIsolation('builder', [])]);
  const child = spawnBuilder(code, isolation, tgz);
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()));
  try {
    const { head, ...made } = await answerOf(child, longestMs);
    if (!isBuildHead(head)) throw stopped(BROKE_OFF);
    if (head.stopped) throw stopped(REASONS[head.stopped]);
    return { head, ...made };
  } finally {
    end(child);
    await gone;
  }
}

function answerOf(child: ChildProcess, longestMs: number): Promise<BuildAnswer> {
  const reader = new AnswerReader();
  const { promise, resolve, reject } = Promise.withResolvers<BuildAnswer>();
  const late = setTimeout(() => reject(stopped(`it took longer than ${longestMs / 1_000} s`)), longestMs);
  child.stdout!.on('data', (piece: Buffer) => {
    const answer = reader.push(piece);
    if (answer === 'too large') reject(stopped('what came of it is too large'));
    else if (answer === 'malformed') reject(stopped(BROKE_OFF));
    else if (answer) resolve(answer);
  });
  // What an aborting engine prints may quote the plugin: it is read away and not kept.
  child.stderr!.resume();
  child.on('error', (error) => reject(unable(error.message)));
  child.on('close', (code, signal) => {
    const how = signal ?? `code ${code}`;
    reject(reader.ready ? stopped(reasonOf(code, signal)) : unable(`the process ended by ${how} before it began`));
  });
  return promise.finally(() => clearTimeout(late));
}

/** Why it ended by itself. bubblewrap and the shell tell a signal as 128 and its number. */
function reasonOf(code: number | null, signal: NodeJS.Signals | null): string {
  const number = signal ? constants.signals[signal] : (code ?? 0) - 128;
  if (number === constants.signals.SIGXCPU) return REASONS.time;
  // Out of memory, the engine aborts and the kernel kills.
  return number > 0 ? REASONS.memory : BROKE_OFF;
}

/** Kills it and whatever it started: it leads a process group of its own. */
function end(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

function stopped(reason: string): Refusal {
  return new Refusal('plugin.build-stopped', { reason });
}

function unable(reason: string): Refusal {
  return new Refusal('plugin.builder', { reason });
}
