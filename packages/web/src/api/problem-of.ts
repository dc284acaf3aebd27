// Whatever was thrown, as words for whoever looks at the page.

import { Problem } from '@chartwire/client/internal/client/index';

/** A refusal as it is. Anything else is a mistake of the page: said as such, and in the browser's console with its stack. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof Problem)) reportError(error);
  return Problem.of(error, {
    detail: 'That didn’t work because of an error in this page.',
    next: 'What you entered is still here. Try again; if it happens again, reload the page and tell an administrator.',
  });
}
