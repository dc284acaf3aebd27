// Units of body measurements and their conversion: people enter pounds, inches, and degrees Fahrenheit.

interface Measure {
  readonly of: 'mass' | 'length' | 'temperature';
  /** Of kilogram, centimeter, degree Celsius. */
  readonly factor: number;
  /** Its zero point. */
  readonly zero?: number;
}

const POUND = 0.45359237;
const mass = (factor: number): Measure => ({ of: 'mass', factor });
const length = (factor: number): Measure => ({ of: 'length', factor });
const temperature = (factor: number, zero = 0): Measure => ({ of: 'temperature', factor, zero });

/** As people write them; `unitOf` gives UCUM codes. */
const MEASURES: ReadonlyMap<string, Measure> = new Map([
  ['kg', mass(1)],
  ['g', mass(0.001)],
  ['lb', mass(POUND)],
  ['lbs', mass(POUND)],
  ['oz', mass(POUND / 16)],
  ['cm', length(1)],
  ['m', length(100)],
  ['mm', length(0.1)],
  ['in', length(2.54)],
  ['°C', temperature(1)],
  ['°F', temperature(5 / 9, 32)],
]);

/** Undefined if one can't be converted to the other. */
export function converted(value: number, from: string, to: string): number | undefined {
  if (from === to) return value;
  const [one, other] = [MEASURES.get(from), MEASURES.get(to)];
  if (!one || one.of !== other?.of) return undefined;
  return ((value - (one.zero ?? 0)) * one.factor) / other.factor + (other.zero ?? 0);
}
