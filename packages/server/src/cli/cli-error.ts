// What a command gives up with: sentences for the person who typed it, and the exit code.

/** 0: done. 1: refused, or failed. 2: wrong use. 3: no server answers. */
export const EXIT = { done: 0, failed: 1, usage: 2, unreachable: 3 } as const;

export class CliError extends Error {
  readonly exit: number;

  constructor(message: string, exit: number = EXIT.failed) {
    super(message);
    this.name = 'CliError';
    this.exit = exit;
  }
}
