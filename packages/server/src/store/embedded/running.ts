// The embedded servers that this process runs, for an end that waits for nothing.

const running = new Set<number>();

/** Remembers a server until what it returns is called. */
export function nowRunning(pid: number): () => void {
  running.add(pid);
  return () => void running.delete(pid);
}

/** Tells each of them to end in order, and waits for none: a process that is forced to stop leaves no server behind. */
export function tellServersToEnd(): void {
  for (const pid of running) {
    try {
      process.kill(pid, 'SIGINT');
    } catch {
      // It has ended.
    }
  }
}
