// One plugin's isolate in the runner: text goes in through `push` and out through `pull`, each with a time limit.

import type ivm from 'isolated-vm';
import { MAX_SAID } from '../frames.ts';
import type { IsolateEnd, LoadOptions } from '../protocol.ts';

export type Engine = typeof ivm;

export interface LoaderCode {
  /** `guest.ts`, bundled. */
  readonly guest: string;
  /** The scripts of globals/. All isolates share one copy outside their heaps. */
  readonly libraries: readonly ivm.ExternalCopy<string>[];
}

/** Why a step failed. The isolate survives only `stray`. */
export type Trouble = { readonly why: IsolateEnd['why'] | 'stray'; readonly detail: string };

/**
 * The engine stores a text of 1,024 bytes or more outside the isolate's heap until a full collection: tens of MB for a busy
 * plugin. So texts are passed in pieces, unless they are so long that pieces cost more.
 */
const PIECE = 500;
const MOST_PIECES = 64;

function inPieces(text: string): string[] {
  if (text.length > PIECE * MOST_PIECES) return [text];
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += PIECE) pieces.push(text.slice(at, at + PIECE));
  return pieces;
}

export class Guest {
  readonly #isolate: ivm.Isolate;
  readonly #push: ivm.Reference;
  readonly #pull: ivm.Reference;
  readonly #limit: { timeout: number };
  /** Processor time so far, in ms. It is the process's time during its batches, since the engine's `cpuTime` is wall time. */
  cpuMs = 0;

  private constructor(isolate: ivm.Isolate, push: ivm.Reference, pull: ivm.Reference, stepWallMs: number) {
    this.#isolate = isolate;
    this.#push = push;
    this.#pull = pull;
    this.#limit = { timeout: stepWallMs };
  }

  /** Creates an isolate with the loader and the plugin's script, or returns what went wrong. */
  static load(engine: Engine, loaderCode: LoaderCode, options: LoadOptions, script: string): Guest | Trouble {
    const isolate = new engine.Isolate({ memoryLimit: options.memoryMB });
    const context = isolate.createContextSync();
    const reference = { reference: true } as const;
    const start = context.evalSync(`(() => { ${loaderCode.guest}\nreturn loader.start; })()`, {
      ...reference,
      filename: 'chartwire-loader.js',
    }) as ivm.Reference;
    const libraries = loaderCode.libraries.map((text) => text.copyInto());
    const given = [JSON.stringify(options.guest), ...libraries];
    const loader = start.applySync(undefined, given, { result: reference }) as ivm.Reference;
    const guest = new Guest(
      isolate,
      loader.getSync('push', reference),
      loader.getSync('pull', reference),
      options.stepWallMs,
    );
    try {
      const compiled = isolate.compileScriptSync(script, { filename: 'plugin.js' });
      compiled.runSync(context, { timeout: options.loadMs });
    } catch (error) {
      const trouble = guest.#trouble(error, 'load');
      if (trouble.why !== 'stray') {
        guest.dispose();
        return trouble;
      }
    }
    return guest;
  }

  /** Runs one step including its microtasks. */
  push(text: string): Trouble | undefined {
    try {
      this.#push.applySync(undefined, inPieces(text), this.#limit);
      return undefined;
    } catch (error) {
      return this.#trouble(error, 'stray');
    }
  }

  /** Takes the output so far, as texts of a few MB each. */
  pull(): string[] | Trouble {
    const texts: string[] = [];
    try {
      for (;;) {
        const text: unknown = this.#pull.applySync(undefined, [], this.#limit);
        if (text === '') return texts;
        if (typeof text !== 'string' || text.length > MAX_SAID)
          return { why: 'output', detail: 'more than one answer may hold' };
        texts.push(text);
      }
    } catch (error) {
      const trouble = this.#trouble(error, 'stray');
      return trouble.why === 'stray' ? { why: 'output', detail: trouble.detail } : trouble;
    }
  }

  dispose(): void {
    if (!this.#isolate.isDisposed) this.#isolate.dispose();
  }

  /** The engine distinguishes a timeout from a plugin's error only by its message. A plugin that fakes it only harms itself. */
  #trouble(error: unknown, otherwise: 'load' | 'stray'): Trouble {
    const detail = (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 1_000);
    if (this.#isolate.isDisposed) return { why: 'memory', detail };
    if (detail === 'Error: Script execution timed out.') return { why: 'timeout', detail };
    return { why: otherwise, detail };
  }
}
