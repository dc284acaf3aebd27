// What is unusual in the vitals of an adult at rest. A help to the eye, no judgement: what is entered is kept as it is.

import { tableOf } from '../table-of.ts';

/** Below or above `usual` is flagged; below or above `critical` strongly. */
interface Bounds {
  readonly usual: readonly [low: number, high: number];
  readonly critical: readonly [low: number, high: number];
}

const BOUNDS: Readonly<Record<string, Bounds>> = tableOf({
  bloodPressureSystole: { usual: [90, 139], critical: [80, 179] },
  bloodPressureDiastole: { usual: [60, 89], critical: [50, 119] },
  pulse: { usual: [60, 100], critical: [40, 130] },
  respirationRate: { usual: [12, 20], critical: [8, 29] },
  oxygenSaturation: { usual: [95, 100], critical: [90, 100] },
  bodyTemperature: { usual: [96.8, 100.3], critical: [95, 103.9] },
});

export interface Flag {
  readonly text: 'Low' | 'High' | 'Very low' | 'Very high';
  readonly critical: boolean;
}

export function flagOf(name: string, value: unknown): Flag | undefined {
  const bounds = BOUNDS[name];
  if (!bounds || typeof value !== 'number') return undefined;
  const { usual, critical } = bounds;
  if (value < critical[0]) return { text: 'Very low', critical: true };
  if (value > critical[1]) return { text: 'Very high', critical: true };
  if (value < usual[0]) return { text: 'Low', critical: false };
  return value > usual[1] ? { text: 'High', critical: false } : undefined;
}

/** kg/m², from inches, pounds and ounces; undefined while one of them is missing. */
export function bodyMassIndex(read: (name: string) => unknown): number | undefined {
  const [height, pounds, ounces] = ['height', 'weightLbs', 'weightOz'].map(read);
  if (typeof height !== 'number' || typeof pounds !== 'number' || height < 10) return undefined;
  const weight = (pounds + (typeof ounces === 'number' ? ounces : 0) / 16) * 0.45359237;
  return weight / (height * 0.0254) ** 2;
}

/** Of a blood pressure, the graver of both. */
export function flagOfPressure(systole: unknown, diastole: unknown): Flag | undefined {
  const flags = [flagOf('bloodPressureSystole', systole), flagOf('bloodPressureDiastole', diastole)];
  return flags.find((flag) => flag?.critical) ?? flags.find(Boolean);
}
