// The search index of a record: the values of R4's search parameters, and the patient of its chart. Compiled once per type from
// the definitions; nothing is written by hand per type.

import type { Resource } from '@medplum/fhirtypes';
import { definitions } from './definitions.ts';
import { compileSides } from './fhirpath.ts';
import type { Branch, Scope } from './fhirpath-branch.ts';
import { isResourceType } from './resource-types.ts';
import { type SearchParameter, searchParameter, searchParametersOf } from './search-parameters.ts';
import { type Collected, converter, withoutVersion } from './search-values.ts';

/** `SearchIndex` of store/contract.ts, which is above this floor. */
export interface RecordIndex {
  readonly tokens: readonly string[];
  readonly dates: readonly { p: string; l: string | null; h: string | null }[];
  readonly strings: readonly { p: string; v: string; x: string }[];
  readonly quantities: readonly { p: string; l: number | null; h: number | null; s?: string; c?: string }[];
}

type Index = (record: object, scope: Scope, into: Collected) => void;

/** Kept in columns of the record itself. */
const COLUMNS: ReadonlySet<string> = new Set(['_id', '_lastUpdated']);

const indexers = new Map<string, readonly Index[]>();

/** The search values of a record. It must be valid: see `validate`. */
export function indexRecord(resource: Resource): RecordIndex {
  const into: Collected = { tokens: new Set(), dates: [], strings: [], quantities: [] };
  const scope = { resource, root: resource };
  for (const index of indexersOf(resource.resourceType)) index(resource, scope, into);
  return { ...into, tokens: [...into.tokens] };
}

function indexersOf(type: string): readonly Index[] {
  let found = indexers.get(type);
  if (!found) {
    found = searchParametersOf(type)
      .filter(({ code }) => !COLUMNS.has(code))
      .flatMap((parameter) => branchesOf(type, parameter).flatMap((branch) => indexOf(parameter, branch)));
    indexers.set(type, found);
  }
  return found;
}

/** What a parameter's expression finds in records of a type. */
export function branchesOf(type: string, parameter: SearchParameter): Branch[] {
  if (parameter.type === 'composite' || parameter.type === 'special') return [];
  return compileSides(parameter.expression, type, type);
}

function indexOf({ code, type }: SearchParameter, branch: Branch): Index[] {
  const convert = converter(type, branch.type);
  if (!convert) return [];
  return [
    (record, scope, into) => {
      for (const value of branch.values(record, scope)) convert(value, code, into);
    },
  ];
}

// ── the patient compartment

const compartments = new Map<string, readonly Branch[]>();

/**
 * The id of the patient whose chart a record is in; null outside any chart. R4's compartment definition lists the search
 * parameters; `patient` and `subject` take precedence, and are the only ones if the definition omits a type.
 * https://hl7.org/fhir/R4/compartmentdefinition-patient.html
 */
export function patientOf(resource: Resource): string | null {
  if (resource.resourceType === 'Patient') return resource.id ?? null;
  if (!isResourceType(resource.resourceType)) return null;
  const scope = { resource, root: resource };
  for (const { values } of compartmentOf(resource.resourceType)) {
    for (const value of values(resource, scope)) {
      const { reference } = value as { reference?: unknown };
      const match =
        typeof reference === 'string' ? /^Patient\/([A-Za-z0-9\-.]{1,64})$/.exec(withoutVersion(reference)) : null;
      if (match) return match[1]!;
    }
  }
  return null;
}

function compartmentOf(type: string): readonly Branch[] {
  let found = compartments.get(type);
  if (!found) {
    const codes = new Set(['patient', 'subject', ...(definitions().patientCompartment[type] ?? [])]);
    found = [...codes].flatMap((code) => {
      const parameter = searchParameter(type, code);
      if (parameter?.type !== 'reference' || !parameter.target?.includes('Patient')) return [];
      return branchesOf(type, parameter).filter((branch) => branch.type === 'Reference');
    });
    compartments.set(type, found);
  }
  return found;
}
