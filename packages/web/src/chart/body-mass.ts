// The body mass index of days on which weight and height were measured and nobody recorded it: worked out for the eye, from
// values of that day only, and not kept.

import { LOINC } from '@chartwire/sdk/internal/kit/systems';
import type { Finding } from '@chartwire/sdk/internal/records/findings';
import { unitOf } from '@chartwire/sdk/internal/records/result-text';
import { converted } from '@chartwire/sdk/internal/records/units';
import { BODY_MASS_INDEX, dayOf, HEIGHT, isOf, WEIGHT } from './readings.ts';

/** Under two years weight is judged by length. */
const FROM_YEARS = 2;

/** @param values newest first */
export function bodyMassIndexes(values: readonly Finding[], birthDate: string | undefined): readonly Finding[] {
  const latest = (codes: readonly string[]) => {
    const byDay = new Map<string, Finding>();
    for (const one of values) {
      const day = dayOf(one.observation);
      if (isOf(one.observation, codes) && !byDay.has(day)) byDay.set(day, one);
    }
    return byDay;
  };
  const [weights, heights, recorded] = [latest(WEIGHT), latest(HEIGHT), latest(BODY_MASS_INDEX)];
  return [...weights].flatMap(([day, weight]) => {
    const height = heights.get(day);
    if (!height || recorded.has(day) || isYounger(birthDate, day)) return [];
    const [kilograms, centimeters] = [measured(weight, 'kg'), measured(height, 'cm')];
    if (!kilograms || !centimeters) return [];
    const value = Number((kilograms / (centimeters / 100) ** 2).toFixed(1));
    const { id: _, extension: __, interpretation: ___, referenceRange: ____, ...shared } = weight.observation;
    const observation = {
      ...shared,
      code: { coding: [{ system: LOINC, code: BODY_MASS_INDEX[0]! }], text: 'BMI, calculated' },
      valueQuantity: { value, unit: 'kg/m2', code: 'kg/m2' },
    };
    return [{ key: `${weight.key} BMI`, record: weight.record, observation }];
  });
}

function measured({ observation: { valueQuantity } }: Finding, unit: string): number | undefined {
  if (valueQuantity?.value === undefined || valueQuantity.comparator) return undefined;
  return converted(valueQuantity.value, unitOf(valueQuantity), unit);
}

function isYounger(birthDate: string | undefined, day: string): boolean {
  return birthDate !== undefined && `${Number(birthDate.slice(0, 4)) + FROM_YEARS}${birthDate.slice(4)}` > day;
}
