// The official code tables, where CHARTWIRE_SAMPLES has them.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { samples } from '../support/samples.ts';

const { folder: FOLDER, missing } = samples('terms');

/** Why a test that needs them is skipped; false when it is not. */
export const withoutTables = missing;

export const TABLES = {
  icd10cm: { file: 'icd10cm-2026', rows: 98_186 },
  rxnorm: { file: 'rxnorm-clinical-drugs', rows: 17_533 },
  loinc: { file: 'loinc-subset', rows: 39_118 },
  cvx: { file: 'cvx', rows: 288 },
  // One of its 6,664 lines has no text.
  hcpcs: { file: 'hcpcs2-short-2026-04', rows: 6_663 },
} as const;

export type TableName = keyof typeof TABLES;

export function pathOf(name: TableName): string {
  return fileURLToPath(new URL(`${TABLES[name].file}.tsv.br`, FOLDER));
}

/** Rows of a table, without its head. */
export function rowsOf(name: TableName): string[][] {
  const text = brotliDecompressSync(readFileSync(pathOf(name))).toString('utf8');
  return text
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
}
