// Where the next page of a search begins: behind a record, in the order of the search. The cursor carries what that record
// was sorted by, so the page begins at the right place even when the record has been changed or deleted since.

import { refuse } from '#r4/search-criterion.ts';
import type { LogSnapshot } from '../contract.ts';
import { ANY_ID } from '../page-cursor.ts';
import { isDatabaseTime, isInt8 } from '../representable.ts';
import { MAX_KEY, type SortKey } from './sort-key.ts';

export interface Cursor {
  /** What the record has for each sort key, as PostgreSQL prints it; null where it has nothing. */
  readonly values: readonly (string | null)[];
  readonly id: string;
  /**
   * What the first page saw. Records changed by transactions that it did not see may have moved to where earlier pages
   * were, so they follow at the end. No time could tell: a record's is taken when its change begins, long before the
   * change can be seen. Undefined in the order of change, where a change moves a record to the end anyway.
   */
  readonly since: LogSnapshot | undefined;
  /** Whether the search has come to the records that follow at the end; those are in the order of their ids. */
  readonly changed: boolean;
}

type Written = readonly [sort: string, changed: 0 | 1, since: string | null, id: string, ...(string | null)[]];

export function writeCursor(keys: readonly SortKey[], { values, id, since, changed }: Cursor): string {
  const written: Written = [
    nameOf(keys),
    changed ? 1 : 0,
    since ? `${since.epoch}:${since.text}` : null,
    id,
    ...values,
  ];
  return Buffer.from(JSON.stringify(written)).toString('base64url');
}

/**
 * @param keys what the search is sorted by.
 * @param atEnd what the records at the end are sorted by.
 * @throws Refusal when the text is not of `writeCursor` for a search with these keys.
 */
export function readCursor(text: string, keys: readonly SortKey[], atEnd: readonly SortKey[]): Cursor {
  const [sort, changed, written, id, ...values] = parsed(text);
  const by = changed === 1 ? atEnd : keys;
  const since = snapshotOf(written);
  const fits =
    sort === nameOf(keys) &&
    (written === null || since !== undefined) &&
    (changed === 0 || (changed === 1 && since !== undefined)) &&
    typeof id === 'string' &&
    ANY_ID.test(id) &&
    values.length === by.length &&
    by.every((key, index) => isValue(key, values[index]));
  if (!fits) return refuse('_cursor', 'it is not one of this search; begin again at the first page');
  return {
    values: values as (string | null)[],
    id,
    since,
    changed: changed === 1,
  };
}

function parsed(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** A search that is sorted otherwise has other cursors. */
function nameOf(keys: readonly SortKey[]): string {
  return keys.map(({ parameter, descending }) => `${descending ? '-' : ''}${parameter.code}`).join();
}

/** Undefined for anything but `epoch:xmin:xmax:` and the transactions between, as PostgreSQL takes them. */
function snapshotOf(written: unknown): LogSnapshot | undefined {
  const parts = typeof written === 'string' ? /^(\d{1,9}):((\d+):(\d+):(\d+(?:,\d+)*)?)$/.exec(written) : null;
  if (!parts) return undefined;
  const [, epoch, text, from, to, running] = parts;
  const between = running?.split(',') ?? [];
  if (![from!, to!, ...between].every((xid) => isInt8(xid, true))) return undefined;
  const [xmin, xmax, ...xids] = [from!, to!, ...between].map(BigInt);
  const isInOrder = xids.every((xid, index) => xid >= xmin! && xid < xmax! && (index === 0 || xid > xids[index - 1]!));
  return xmin! > 0n && xmin! <= xmax! && isInOrder ? { epoch: Number(epoch), text: text! } : undefined;
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && isDatabaseTime(value);
}

function isValue({ parameter: { code, type } }: SortKey, value: unknown): boolean {
  if (code === '_lastUpdated') return isTime(value);
  if (code === '_id') return typeof value === 'string' && ANY_ID.test(value);
  if (value === null) return true;
  if (typeof value !== 'string') return false;
  if (type === 'date') return isTime(value);
  if (type === 'number' || type === 'quantity') return /^-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Infinity)$/.test(value);
  return value.length <= 2 * MAX_KEY && value.isWellFormed() && !value.includes('\0');
}
