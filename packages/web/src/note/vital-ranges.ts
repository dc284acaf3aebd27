// What is unusual in vitals as they are entered: by the same bounds as in the chart.

import { flagOfReading } from '@chartwire/sdk/internal/records/vital-bounds';

export interface Flag {
  readonly text: string;
  readonly critical: boolean;
}

/** Of a field, or of what is read together: `bloodPressure`. */
export function flagOf(name: string, fields: Readonly<Record<string, unknown>>): Flag | undefined {
  const flag = flagOfReading(name, fields);
  return flag && { text: flag.word, critical: flag.critical };
}

/** kg/m², from inches, pounds and ounces; undefined while one of them is missing. */
export function bodyMassIndex(read: (name: string) => unknown): number | undefined {
  const [height, pounds, ounces] = ['height', 'weightLbs', 'weightOz'].map(read);
  if (typeof height !== 'number' || typeof pounds !== 'number' || height < 10) return undefined;
  const weight = (pounds + (typeof ounces === 'number' ? ounces : 0) / 16) * 0.45359237;
  return weight / (height * 0.0254) ** 2;
}
