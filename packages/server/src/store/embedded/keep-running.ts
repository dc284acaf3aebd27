// Keeps the embedded server up while Chartwire runs: should it be killed under us, it is started again.

import { setTimeout as sleep } from 'node:timers/promises';
import { nowRunning } from './running.ts';
import type { Server } from './server.ts';

/** Milliseconds before a server that ended is looked at again: the first time, and at most, when it doesn't start. */
const PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

export interface Kept {
  /** Process id of the server as it runs now. */
  readonly pid: number;
  /** Ends the server for good. */
  stop(): Promise<void>;
}

/**
 * Watches `first` and starts the next with `again` whenever one ends without being told to. PostgreSQL recovers by itself;
 * who was connected must connect again, at the same address. `report` is told in a sentence each time.
 */
export function keepRunning(first: Server, again: () => Promise<Server>, report: (sentence: string) => void): Kept {
  let server = first;
  let forget = nowRunning(first.pid);
  let stopping = false;
  let restarting: Promise<boolean> | undefined;

  const restart = async (): Promise<boolean> => {
    report('PostgreSQL stopped unexpectedly. Starting it again.');
    try {
      server = await again();
      forget();
      forget = nowRunning(server.pid);
      return true;
    } catch (error) {
      report(error instanceof Error ? error.message : String(error));
      return false;
    }
  };
  const watch = async (): Promise<void> => {
    for (let pause = PAUSE; ; ) {
      await server.ended;
      if (stopping) return;
      restarting = restart();
      pause = (await restarting) ? PAUSE : Math.min(pause * 2, LONGEST_PAUSE);
      // Not a loop without a pause, should it end each time. Watching keeps no finished program alive.
      await sleep(pause, undefined, { ref: false });
    }
  };
  void watch();

  return {
    get pid() {
      return server.pid;
    },
    async stop() {
      stopping = true;
      await restarting;
      await server.stop();
      forget();
    },
  };
}
