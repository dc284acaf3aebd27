// What is unusual in vitals as they are entered: by the same bounds as in the chart.

import { flagOfField } from '@chartwire/sdk/internal/records/vital-bounds';

export interface Flag {
  readonly text: string;
  readonly critical: boolean;
}

export function flagOf(name: string, value: unknown): Flag | undefined {
  if (typeof value !== 'number') return undefined;
  const flag = flagOfField(name, value);
  return flag && { text: flag.word, critical: flag.critical };
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
