// Reads records of the chart.

import type { Written } from '#events/contexts.ts';
import type { R4ResourceType } from '#records/resource-types.ts';
import type { CommonParameters, SearchParameters } from './search-parameters.ts';

/** The names of the search parameters of type `T` that have one of the parameter types `K`. */
type Code<T extends R4ResourceType, K extends string> = Named<SearchParameters[T], K> | Named<CommonParameters, K>;
type Named<P, K extends string> = { [Kind in keyof P & K]: P[Kind] }[keyof P & K] & string;
type AnyCode<T extends R4ResourceType> = Code<
  T,
  'token' | 'string' | 'reference' | 'date' | 'uri' | 'quantity' | 'number'
>;

type SortKey<T extends R4ResourceType> = AnyCode<T> | `-${AnyCode<T>}`;

/** With a list, records must match all values. Commas inside one value separate alternatives. */
type Value = string | readonly string[];

/**
 * FHIR search parameters of type `T` by name: `{ code: 'http://loinc.org|8480-6', date: 'ge2026' }`. A name may have a modifier
 * (`code:not`) or a chain (`subject:Patient.name`, `_has:Encounter:subject:status`). https://hl7.org/fhir/R4/search.html
 */
export type SearchCriteria<T extends R4ResourceType> = {
  readonly [K in
    | AnyCode<T>
    | `${Code<T, 'token'>}:${'not' | 'text' | 'of-type'}`
    | `${Code<T, 'string'>}:${'exact' | 'contains'}`
    | `${Code<T, 'uri'>}:${'below' | 'above'}`
    | `${Code<T, 'reference'>}:${string}`
    | `${Code<T, 'reference'>}.${string}`
    | `_has:${string}:${string}:${string}`]?: Value;
} & {
  readonly [K in `${AnyCode<T>}:missing`]?: 'true' | 'false';
} & {
  /** Maximum number of records: 1 to 1,000. Defaults to 1,000. */
  readonly _count?: `${number}`;
  readonly _offset?: `${number}`;
  /** Parameter names, with `-` for descending order: `-date`. */
  readonly _sort?: SortKey<T> | `${SortKey<T>},${string}`;
};

/** Search criteria, or a query string, which the compiler doesn't check. */
export type SearchQuery<T extends R4ResourceType> = string | SearchCriteria<T>;

/**
 * Reads records. Each read is checked against the plugin's scopes and recorded with the execution. A refused read throws an Error
 * whose `code` is that of the refusal: `access.scope`.
 */
export interface DataReader {
  /**
   * Reads the current version of a record; null if it doesn't exist or was deleted.
   *
   * @throws {Error} with `code` `access.scope` when the plugin's scopes don't allow it
   */
  read<T extends R4ResourceType>(type: T, id: string): Promise<Written<T> | null>;
  /**
   * Returns at most 1,000 matching records.
   *
   * @throws {Error} with `code` `search.parameter` for a parameter that the type doesn't have, `access.scope` when the plugin's
   * scopes don't allow it
   */
  search<T extends R4ResourceType>(type: T, query?: SearchQuery<T>): Promise<Written<T>[]>;
}
