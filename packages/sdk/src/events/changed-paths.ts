// The difference between two versions of a record, as paths: `Task.status`, `Task.note[1]`, `Patient.name[0].family`.

import { isRewritten } from '#kit/json/literals.ts';
import type { ChartRecord } from '#records/chart-record.ts';

// The server's bookkeeping. A write that changes only these counts as no change.
const BOOKKEEPING: ReadonlySet<string> = new Set(['meta.versionId', 'meta.lastUpdated']);

/**
 * FHIRPath-like paths of the elements that differ, or the outermost path where a whole element was added or removed. Only the
 * type (`Task`) for a record that is created or deleted; an empty list if nothing changed.
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
      // A decimal written differently has another precision: `1` differs from `1.00`.
      if (isRewritten(before, after, key)) report(join(path, key));
      else compare(before[key], after[key], join(path, key), report);
    }
  } else if (isObject(before ?? after) && path === 'meta') {
    // `meta` may be present only for its bookkeeping.
    compare(before ?? {}, after ?? {}, path, report);
  } else {
    report(path);
  }
}

/** `_birthDate` holds the extensions of the primitive `birthDate`. FHIRPath treats them as one element. */
function join(path: string, key: string): string {
  const element = key.startsWith('_') ? key.slice(1) : key;
  return path === '' ? element : `${path}.${element}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
