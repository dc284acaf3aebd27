// Password strength, estimated by zxcvbn in its own thread, which starts on first use.

import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Answer, Question } from './strength-worker.ts';

/** Characters to examine: the cost grows faster than the length, and 64 are enough. */
const LOOKED_AT = 64;
/** Milliseconds for one estimate, including the thread's start. */
const PATIENCE = 30_000;

export type Strength = Omit<Answer, 'id'>;

interface Waiting {
  readonly resolve: (strength: Strength) => void;
  readonly reject: (error: Error) => void;
}

let worker: Worker | undefined;
let asked = 0;
const waiting = new Map<number, Waiting>();

/** `known` is what an attacker who knows the user would try first. Rejects after half a minute without an estimate. */
export async function strengthOf(password: string, known: readonly string[]): Promise<Strength> {
  const id = ++asked;
  worker ??= started();
  const answer = Promise.withResolvers<Strength>();
  waiting.set(id, answer);
  worker.ref();
  worker.postMessage({ id, password: [...password].slice(0, LOOKED_AT).join(''), known } satisfies Question);
  const timer = setTimeout(() => void worker?.terminate(), PATIENCE);
  try {
    return await answer.promise;
  } finally {
    clearTimeout(timer);
    waiting.delete(id);
    if (waiting.size === 0) worker?.unref();
  }
}

function started(): Worker {
  const made = new Worker(new URL(`./strength-worker${extname(import.meta.filename)}`, import.meta.url));
  const failed = (error: Error): void => {
    if (worker === made) worker = undefined;
    for (const { reject } of waiting.values()) reject(error);
  };
  made.on('message', ({ id, ...strength }: Answer) => waiting.get(id)?.resolve(strength));
  made.on('error', failed);
  made.on('exit', () => failed(new Error('the estimate of a password took too long')));
  return made;
}
