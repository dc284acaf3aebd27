// FHIR has no empty elements: no empty lists, empty strings, or properties without a value.

import { fromEntriesOf } from './json/literals.ts';

/** A copy of the element without empty properties. Shallow. */
export function filled<T extends object>(element: T): T {
  return fromEntriesOf(
    element,
    Object.entries(element).filter(([, value]) => !isEmpty(value)),
  ) as T;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}
