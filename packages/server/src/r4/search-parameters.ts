// The search parameters of each type, as R4 defines them: https://hl7.org/fhir/R4/searchparameter-registry.html

import { definitions, type SearchParameterRow } from './definitions.ts';
import { isResourceType } from './resource-types.ts';

export type SearchParameterType =
  | 'token'
  | 'string'
  | 'reference'
  | 'date'
  | 'number'
  | 'quantity'
  | 'uri'
  | 'composite'
  | 'special';

export interface SearchParameter extends SearchParameterRow {
  readonly type: SearchParameterType;
}

const byType = new Map<string, ReadonlyMap<string, SearchParameter>>();

const NONE: ReadonlyMap<string, SearchParameter> = new Map();

function parametersOf(type: string): ReadonlyMap<string, SearchParameter> {
  if (!isResourceType(type)) return NONE;
  let parameters = byType.get(type);
  if (!parameters) {
    const { searchParameters } = definitions();
    const rows = [...searchParameters.Resource!, ...(searchParameters[type] ?? [])];
    // The types are those of R4; test/r4/definitions.test.ts checks that there is no other.
    parameters = new Map(rows.map((row) => [row.code, row as SearchParameter]));
    byType.set(type, parameters);
  }
  return parameters;
}

/** Its own and those of every resource (`_id`, `_lastUpdated`, `_profile`, `_security`, `_source`, `_tag`). */
export function searchParametersOf(type: string): readonly SearchParameter[] {
  return [...parametersOf(type).values()];
}

export function searchParameter(type: string, code: string): SearchParameter | undefined {
  return parametersOf(type).get(code);
}
