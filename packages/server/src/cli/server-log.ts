// The log of a server: JSON, a line each, with what it quotes of others made visible.

import { type Logger, pino } from 'pino';
import { visibleText } from '@chartwire/sdk/internal/kit/visible';

/** Where lines go: a file descriptor's `pino.destination`, or a test's own. */
export interface LogOutput {
  write(line: string): unknown;
  flushSync?(): void;
}

export function serverLog(level: string, out: LogOutput = pino.destination(2)): Logger {
  const visible = { write: (line: string) => void out.write(visibleText(line)), flushSync: () => out.flushSync?.() };
  return pino({ level, base: null }, visible);
}
