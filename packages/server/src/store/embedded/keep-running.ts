// Keeps the embedded server up while Chartwire runs: should it be killed under us, it is started again.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from './server.ts';

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
  let stopping = false;
  let restarting: Promise<void> | undefined;

  const restart = async (): Promise<void> => {
    report('PostgreSQL ended without being told to; it is started again.');
    try {
      server = await again();
    } catch (error) {
      report(error instanceof Error ? error.message : String(error));
    }
  };
  const watch = async (): Promise<void> => {
    for (;;) {
      await server.ended;
      if (stopping) return;
      restarting = restart();
      await restarting;
      // Not a loop without a pause, should it end each time. Watching keeps no finished program alive.
      await sleep(1000, undefined, { ref: false });
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
    },
  };
}
