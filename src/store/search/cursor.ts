// Where the next page of an unsorted search begins: behind a record, in the order of change. Records changed while
// somebody pages through move to the end, so they may be seen twice but are never missed.

import { refuse } from '#r4/search-criterion.ts';
import { isDatabaseTime } from '../representable.ts';

export interface Cursor {
  /** As PostgreSQL prints it, with all its digits. */
  readonly at: string;
  readonly id: string;
}

export function writeCursor({ at, id }: Cursor): string {
  return Buffer.from(`${at} ${id}`).toString('base64url');
}

/** @throws Refusal when the text is not of `writeCursor`, or the search is sorted and so has pages by number. */
export function readCursor(text: string, sorted: boolean): Cursor {
  const parts = /^(\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) ([A-Za-z0-9\-.]{1,64})$/.exec(
    Buffer.from(text, 'base64url').toString(),
  );
  if (!parts || !isDatabaseTime(parts[1]!) || sorted)
    return refuse('_cursor', 'it is not one of this search; begin again at the first page');
  return { at: parts[1]!, id: parts[2]! };
}
