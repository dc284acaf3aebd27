// Reading the chart.

import type { Written } from '#events/contexts.ts';
import type { R4ResourceType } from '#records/resource-types.ts';

/** FHIR search parameters: a query string, or names to values; each value of a list is a parameter of its own. */
export type SearchQuery = string | Readonly<Record<string, string | readonly string[]>>;

/** Every read is checked against the plugin's scopes and kept with the execution. What is refused throws an Error
 * that has the `code` of the refusal: `access.scope`. */
export interface DataReader {
  /** The record as it is now; null when it does not exist or was deleted. */
  read<T extends R4ResourceType>(type: T, id: string): Promise<Written<T> | null>;
  /** At most 1,000 records. */
  search<T extends R4ResourceType>(type: T, query?: SearchQuery): Promise<Written<T>[]>;
}
