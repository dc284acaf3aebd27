// Keeps the embedded server running: restarts it if it is killed.

import { setTimeout as sleep } from 'node:timers/promises';
import { nowRunning } from './running.ts';
import type { Server } from './server.ts';

/** Milliseconds before a restart: the first delay and the longest. */
const PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

export interface Kept {
  /** Current process id of the server. */
  readonly pid: number;
  /** Ends the server for good. */
  stop(): Promise<void>;
}

/**
 * Watches `first` and starts the next with `again` whenever one ends unexpectedly. PostgreSQL recovers by itself; clients must
 * reconnect at the same address. `report` gets a sentence each time.
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
      // Pauses between attempts. Watching doesn't keep the program alive.
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
