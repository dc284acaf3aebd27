// The formats in which code systems come. To add one: its file, and its line here.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { CodeSystem } from '../systems.ts';
import { cvxPipe } from './cvx-pipe.ts';
import type { Format } from './format.ts';
import { hcpcsFixed } from './hcpcs-fixed.ts';
import { icd10cmOrder } from './icd10cm-order.ts';
import { loincCsv } from './loinc-csv.ts';
import { rxnormRrf } from './rxnorm-rrf.ts';
import { table } from './table.ts';

export const FORMATS: readonly Format[] = [icd10cmOrder, rxnormRrf, loincCsv, cvxPipe, hcpcsFixed, table];

/** The format of a file, by its stated name, or by its first line. Refuses a file that is none. */
export function formatOf(system: CodeSystem, firstLine: string, name?: string): Format {
  const possible = FORMATS.filter(({ systems }) => systems.length === 0 || systems.includes(system.name));
  const named = name === undefined ? possible : possible.filter((format) => format.name === name);
  if (named.length === 0) {
    throw new Refusal('terms.file', {
      reason: `there is no format of that name for ${system.label}, only ${possible.map((format) => format.name).join(', ')}`,
    });
  }
  const format = named.find(({ fits }) => fits(firstLine));
  if (format) return format;
  throw new Refusal('terms.file', {
    reason: `its first line is not one of ${named.map(({ label, looks }) => `${label} (${looks})`).join(', nor of ')}`,
  });
}
