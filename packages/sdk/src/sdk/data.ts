// Reading the chart.

import type { Written } from '#events/contexts.ts';
import type { R4ResourceType } from '#records/resource-types.ts';
import type { CommonParameters, SearchParameters } from './search-parameters.ts';

/** The names of the search parameters that records of type `T` have, of the parameter types `K`. */
type Code<T extends R4ResourceType, K extends string> = Named<SearchParameters[T], K> | Named<CommonParameters, K>;
type Named<P, K extends string> = { [Kind in keyof P & K]: P[Kind] }[keyof P & K] & string;
type AnyCode<T extends R4ResourceType> = Code<
  T,
  'token' | 'string' | 'reference' | 'date' | 'uri' | 'quantity' | 'number'
>;

type SortKey<T extends R4ResourceType> = AnyCode<T> | `-${AnyCode<T>}`;

/** A list: each value is a parameter of its own, and records meet all of them. What one value parts by commas are alternatives. */
type Value = string | readonly string[];

/**
 * FHIR search parameters of records of type `T`, by their names: `{ code: 'http://loinc.org|8480-6', date: 'ge2026' }`. A name
 * may have a modifier (`code:not`), and lead on to other records (`subject:Patient.name`, `_has:Encounter:subject:status`).
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
  /** How many records at most; 1,000 unless given, and no more than that. */
  readonly _count?: `${number}`;
  readonly _offset?: `${number}`;
  /** Names of parameters, a descending one after a `-`: `-date`. */
  readonly _sort?: SortKey<T> | `${SortKey<T>},${string}`;
};

/** The criteria, or the same as a query string, which nothing checks before it is asked. */
export type SearchQuery<T extends R4ResourceType> = string | SearchCriteria<T>;

/** Every read is checked against the plugin's scopes and kept with the execution. What is refused throws an Error
 * that has the `code` of the refusal: `access.scope`. */
export interface DataReader {
  /** The record as it is now; null when it does not exist or was deleted. */
  read<T extends R4ResourceType>(type: T, id: string): Promise<Written<T> | null>;
  /** At most 1,000 records. Throws `search.parameter` for what is no search parameter of the type. */
  search<T extends R4ResourceType>(type: T, query?: SearchQuery<T>): Promise<Written<T>[]>;
}
