// OperationOutcome.issue.diagnostics: what is wrong and what to do next, since many clients show only this part of an issue.

/** Both sentences. */
export function diagnosticsOf(text: string, next: string): string {
  return `${text} ${next}`;
}

/** The next step, without repeating `details.text`. */
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
