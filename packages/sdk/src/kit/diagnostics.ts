// OperationOutcome.issue.diagnostics: what is wrong and what to do next, since many clients show nothing else of an issue.

/** Both sentences. */
export function diagnosticsOf(text: string, next: string): string {
  return `${text} ${next}`;
}

/** What to do next, without what `details.text` says already. */
export function nextIn({
  details,
  diagnostics = '',
}: {
  readonly details?: { readonly text?: string };
  readonly diagnostics?: string;
}): string {
  const text = details?.text;
  return text !== undefined && diagnostics.startsWith(`${text} `) ? diagnostics.slice(text.length + 1) : diagnostics;
}
