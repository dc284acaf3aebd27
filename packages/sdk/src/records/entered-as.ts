// The units in which a reading was entered, where it is kept in others: 180 lb is kept as 81.65 kg, and shown as 180 lb.

import type { Extension, Observation, Quantity } from '@medplum/fhirtypes';
import { EXTENSION, UCUM } from '#kit/systems.ts';
import { unitOf } from './result-text.ts';

/** @param parts value and UCUM code; several for pounds and ounces. */
export function enteredAs(...parts: readonly (readonly [value: number | undefined, code: string])[]): Extension[] {
  return parts.flatMap(([value, code]) => {
    const valueQuantity: Quantity | undefined =
      value === undefined ? undefined : { value, unit: unitOf({ code }), system: UCUM, code };
    return valueQuantity ? [{ url: EXTENSION.enteredAs, valueQuantity }] : [];
  });
}

/** `180 lb 8 oz`; undefined for what is kept as it was entered. */
export function enteredText({ extension = [] }: Pick<Observation, 'extension'>): string | undefined {
  const parts = extension.flatMap(({ url, valueQuantity }) =>
    url === EXTENSION.enteredAs && valueQuantity ? [valueQuantity] : [],
  );
  return parts.map((part) => `${part.value} ${unitOf(part)}`).join(' ') || undefined;
}
