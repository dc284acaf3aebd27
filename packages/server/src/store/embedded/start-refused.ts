// Why Chartwire didn't start: one sentence for the operator that also says what to do.

/** An expected failure at start, shown without a stack: `message` is the whole sentence. */
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
