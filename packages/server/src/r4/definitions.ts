// What HL7 publishes of FHIR R4, as far as Chartwire needs it: structures, required codes, search parameters and the
// patient compartment. Trimmed by definitions/build.ts; read once, when it is first asked for.

import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import type { StructureDefinition } from '@medplum/fhirtypes';

/** A search parameter as it applies to one type. */
export interface SearchParameterRow {
  readonly code: string;
  readonly type: string;
  /** FHIRPath from the type. */
  readonly expression: string;
  /** Types a reference may point to. */
  readonly target?: readonly string[];
}

/** The content of definitions/r4.json.br. */
export interface Definitions {
  /** By type name, datatypes and resources alike. */
  readonly structures: Readonly<Record<string, StructureDefinition>>;
  /** By URL: codes by system; null for a system whose codes are not listed. */
  readonly valueSets: Readonly<Record<string, Readonly<Record<string, readonly string[] | null>>>>;
  /** By type; those of every type are under `Resource`. */
  readonly searchParameters: Readonly<Record<string, readonly SearchParameterRow[]>>;
  /** By type: the search parameters that place a record in a patient's compartment. */
  readonly patientCompartment: Readonly<Record<string, readonly string[]>>;
}

let given: Buffer | undefined;
let loaded: Definitions | undefined;

export function definitions(): Definitions {
  // A file of our own build, checked by test/r4/definitions.test.ts.
  loaded ??= JSON.parse(brotliDecompressSync(given ?? compressedDefinitions()).toString()) as Definitions;
  return loaded;
}

/** The file as it lies there, for a process that can read no files and is given it. */
export function compressedDefinitions(): Buffer {
  return readFileSync(new URL('./definitions/r4.json.br', import.meta.url));
}

/** For that process: before the first use of `definitions()`. */
export function giveDefinitions(compressed: Buffer): void {
  given = compressed;
}
