// Why Chartwire did not start, for the operator: one sentence that also says what to do.

/** Expected at start and shown as it is, without a stack: `message` is the whole sentence. */
export class StartRefused extends Error {
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'StartRefused';
  }
}

/** The code of a failed system call (`EACCES`), or undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The line of PostgreSQL's output that says why it failed: the first, since the others follow from it. */
export function reasonIn(output: string): string | undefined {
  const lines = output.split('\n');
  const line =
    lines.find((text) => /No space left/i.test(text)) ?? lines.find((text) => /FATAL|PANIC|ERROR|error:/.test(text));
  return line?.replace(/^.*?(FATAL|PANIC|ERROR|error): +/, '').trim();
}
