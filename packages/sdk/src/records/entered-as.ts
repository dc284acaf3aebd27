// The units in which a reading was entered, if stored in others: 180 lb is stored as 81.65 kg, and shown as 180 lb.

import type { Extension, Observation, Quantity } from '@medplum/fhirtypes';
import { copyLiteral, literalOf } from '#kit/json/literals.ts';
import { EXTENSION, UCUM } from '#kit/systems.ts';
import { unitOf } from './result-text.ts';

/**
 * As entered, digit by digit.
 * @param parts names of the values and their UCUM codes; several for pounds and ounces
 */
export function enteredAs<N extends string>(
  values: { readonly [name in N]?: number },
  ...parts: readonly (readonly [name: N, code: string])[]
): Extension[] {
  return parts.flatMap(([name, code]) => {
    const value = values[name];
    if (value === undefined) return [];
    const valueQuantity: Quantity = { value, unit: unitOf({ code }), system: UCUM, code };
    return [{ url: EXTENSION.enteredAs, valueQuantity: copyLiteral(valueQuantity, 'value', values, name) }];
  });
}

/** `180 lb 8 oz`; undefined if it is stored as entered. */
export function enteredText({ extension = [] }: Pick<Observation, 'extension'>): string | undefined {
  const parts = extension.flatMap(({ url, valueQuantity }) =>
    url === EXTENSION.enteredAs && valueQuantity ? [valueQuantity] : [],
  );
  return parts.map((part) => `${literalOf(part, 'value') ?? part.value} ${unitOf(part)}`).join(' ') || undefined;
}
