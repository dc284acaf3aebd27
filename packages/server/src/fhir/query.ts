// Queries as they arrive: in an address, a header, a form or an entry of a bundle.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';

const ESCAPES = /(?:%[0-9a-f]{2})+/gi;

/**
 * The parameters of a query. Throws `search.parameter` for one with escapes that are not UTF-8: it would find nothing, and
 * a conditional create would make the record again.
 */
export function readQuery(text: string): URLSearchParams {
  for (const pair of text.split('&')) {
    for (const [escapes] of pair.matchAll(ESCAPES)) {
      if (isUtf8(escapes)) continue;
      const parameter = pair.split('=', 1)[0]!.slice(0, 100);
      throw new Refusal('search.parameter', { parameter, reason: `${escapes.slice(0, 60)} is not UTF-8` });
    }
  }
  return new URLSearchParams(text);
}

/** Whether escapes, `%C3%A9`, are whole characters. */
export function isUtf8(escapes: string): boolean {
  try {
    decodeURIComponent(escapes);
    return true;
  } catch {
    return false;
  }
}
