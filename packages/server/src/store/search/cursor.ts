// Where the next page of a search starts: after a record, in sort order. The cursor holds that record's sort values, so the page
// starts at the right place even if the record has changed or been deleted.

import { refuse } from '#r4/search-criterion.ts';
import type { LogSnapshot } from '../contract.ts';
import { ANY_ID } from '../page-cursor.ts';
import { isDatabaseTime, isInt8 } from '../representable.ts';
import { MAX_KEY, type SortKey } from './sort-key.ts';

export interface Cursor {
  /** The record's value for each sort key, as PostgreSQL prints it; null if it has none. */
  readonly values: readonly (string | null)[];
  readonly id: string;
  /**
   * What the first page saw. Records changed by later transactions may have moved to the place of earlier pages, so they follow
   * at the end. A time can't replace it: a record's time is taken when its change starts, long before the change is visible.
   * Undefined when sorted by change, where a change moves a record to the end anyway.
   */
  readonly since: LogSnapshot | undefined;
  /** Whether the search has reached the records at the end, which are ordered by id. */
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
 * Reads a cursor.
 * @param keys sort keys of the search
 * @param atEnd sort keys of the records at the end
 * @throws {Refusal} when the text isn't from `writeCursor` for a search with these keys
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

/** Cursors are specific to a sort order. */
function nameOf(keys: readonly SortKey[]): string {
  return keys.map(({ parameter, descending }) => `${descending ? '-' : ''}${parameter.code}`).join();
}

/** Undefined for anything but `epoch:xmin:xmax:` and the transactions in between, as PostgreSQL accepts them. */
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
