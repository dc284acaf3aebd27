// What the tables of this folder are made of.

import type { CommandKey } from '#commands/index.ts';
import { CVX, HCPCS, ICD10CM, LOINC, RXNORM } from '#kit/systems.ts';

export interface Case {
  readonly command: CommandKey;
  readonly rule: string;
  readonly fields: object;
  /** Each record written, in order: what it must hold at least. */
  readonly writes: readonly object[];
  readonly events: readonly string[];
}

export interface RefusalCase {
  readonly command: CommandKey;
  readonly rule: string;
  readonly fields: object;
  /** The field at which the commit is refused. */
  readonly at: string;
  readonly says: RegExp;
}

const option = (system: string) => (code: string, text: string) => ({
  value: code,
  text,
  coding: [{ system, code, display: text }],
});

export const icd10 = option(ICD10CM);
export const rxnorm = option(RXNORM);
export const loinc = option(LOINC);
export const cvx = option(CVX);
export const hcpcs = option(HCPCS);
export const record = (id: string, text = 'as shown') => ({ value: id, text });

export const coded = (system: string, code: string) => ({ coding: [{ system, code }] });
export const hl7 = (name: string, code: string) => coded(`http://terminology.hl7.org/CodeSystem/${name}`, code);
