// The span that a number's precision implies in a search: 100 means 99.5 to 100.5, 100.00 means 99.995 to 100.005.
// https://hl7.org/fhir/R4/search.html#number

export interface NumberRange {
  readonly value: number;
  /** Half-open. */
  readonly low: number;
  readonly high: number;
}

/** Undefined if it isn't a number. Uses integers, since 5.4 - 0.05 isn't 5.35 in binary. */
export function numberRange(text: string): NumberRange | undefined {
  const parts = /^([+-]?)(\d{1,18})(?:\.(\d{0,18}))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (!parts) return undefined;
  const [, sign, whole, decimals = '', exponent = '0'] = parts;
  const digits = BigInt(`${whole}${decimals}`) * (sign === '-' ? -1n : 1n);
  const last = Number(exponent) - decimals.length;
  const half = (by: bigint) => Number(`${digits * 10n + by}e${last - 1}`);
  return { value: Number(text), low: half(-5n), high: half(5n) };
}
