// The embedded servers of this process, for an exit that can't wait.

const running = new Set<number>();

/** Registers a server until the returned function is called. */
export function nowRunning(pid: number): () => void {
  running.add(pid);
  return () => void running.delete(pid);
}

/** Tells each of them to stop, without waiting: a process that is forced to exit leaves no server behind. */
export function tellServersToEnd(): void {
  for (const pid of running) {
    try {
      process.kill(pid, 'SIGINT');
    } catch {
      // It has ended.
    }
  }
}
