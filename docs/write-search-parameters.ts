// Writes packages/sdk/src/sdk/search-parameters.ts, the types of what a plugin searches by, from the definitions that the server
// searches by. `npm run docs` runs it.

import { readFileSync, writeFileSync } from 'node:fs';
import { definitions } from '#r4/definitions.ts';
import type { SearchParameterType } from '#r4/search-parameters.ts';
import { R4_RESOURCE_TYPES } from '#records/resource-types.ts';

const file = new URL('../packages/sdk/src/sdk/search-parameters.ts', import.meta.url);

/** The types of parameters that the server searches by, in the order in which they are written; no other is written. */
const SEARCHED = [
  'token',
  'string',
  'reference',
  'date',
  'uri',
  'quantity',
  'number',
] as const satisfies readonly SearchParameterType[];

export function areSearchParametersStale(): boolean {
  return readFileSync(file, 'utf8') !== searchParametersText();
}

export function writeSearchParameters(): void {
  writeFileSync(file, searchParametersText());
}

function searchParametersText(): string {
  return `// The search parameters of each type by their own types, as R4 defines them. Written by \`npm run docs\`.

/** Those of every type. */
export interface CommonParameters ${parametersOf('Resource', '')}

export interface SearchParameters {
${R4_RESOURCE_TYPES.map((type) => `  ${type}: ${parametersOf(type, '  ')};\n`).join('')}}
`;
}

/** A type: by the type of parameters, their names as a union. */
function parametersOf(type: string, indent: string): string {
  const rows = definitions().searchParameters[type] ?? [];
  const lines = SEARCHED.flatMap((kind) => {
    const codes = rows.filter((row) => row.type === kind).map(({ code }) => `'${code}'`);
    return codes.length > 0 ? [union(kind, codes, `${indent}  `)] : [];
  });
  return lines.length > 0 ? `{\n${lines.join('')}${indent}}` : 'object';
}

/** As the formatter writes it: on one line where it fits. */
function union(kind: string, codes: readonly string[], indent: string): string {
  const line = `${indent}${kind}: ${codes.join(' | ')};\n`;
  if (line.length <= 121) return line;
  return `${indent}${kind}:\n${codes.map((code) => `${indent}  | ${code}`).join('\n')};\n`;
}
