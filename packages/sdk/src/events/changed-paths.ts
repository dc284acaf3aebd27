// What differs between two versions of a record, as paths: `Task.status`, `Task.note[1]`, `Patient.name[0].family`.

import { isRewritten } from '#kit/json/literals.ts';
import type { ChartRecord } from '#records/chart-record.ts';

// The server's own bookkeeping: a write that alters nothing else is no change.
const BOOKKEEPING: ReadonlySet<string> = new Set(['meta.versionId', 'meta.lastUpdated']);

/**
 * FHIRPath-like paths of the elements that differ, outermost where a whole element came or went. The type alone
 * (`Task`) for a record that is created or deleted; none at all when nothing changed.
 */
export function changedPaths(before: ChartRecord | null, after: ChartRecord | null): string[] {
  const type = (after ?? before)?.resourceType;
  if (type === undefined) return [];
  if (before === null || after === null) return [type];
  const paths = new Set<string>();
  compare(before, after, '', (path) => {
    if (!BOOKKEEPING.has(path)) paths.add(`${type}.${path}`);
  });
  return [...paths];
}

function compare(before: unknown, after: unknown, path: string, report: (path: string) => void): void {
  if (before === after) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index++) {
      if (isRewritten(before, after, index)) report(`${path}[${index}]`);
      else compare(before[index], after[index], `${path}[${index}]`, report);
    }
  } else if (isObject(before) && isObject(after)) {
    for (const key of Object.keys({ ...before, ...after })) {
      // A decimal that is written in another way says another precision: `1` is no `1.00`.
      if (isRewritten(before, after, key)) report(join(path, key));
      else compare(before[key], after[key], join(path, key), report);
    }
  } else if (isObject(before ?? after) && path === 'meta') {
    // `meta` comes and goes with the bookkeeping in it.
    compare(before ?? {}, after ?? {}, path, report);
  } else {
    report(path);
  }
}

/** `_birthDate` holds the extensions of the primitive `birthDate`: the same element to FHIRPath. */
function join(path: string, key: string): string {
  const element = key.startsWith('_') ? key.slice(1) : key;
  return path === '' ? element : `${path}.${element}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
