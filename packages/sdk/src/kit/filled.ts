// FHIR has no empty elements: neither an empty list, nor an empty string, nor a property without a value.

import { fromEntriesOf } from './json/literals.ts';

/** The element without its own properties that hold nothing. Looks no deeper. */
export function filled<T extends object>(element: T): T {
  return fromEntriesOf(
    element,
    Object.entries(element).filter(([, value]) => !isEmpty(value)),
  ) as T;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}
