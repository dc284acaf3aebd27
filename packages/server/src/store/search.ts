// FHIR search in SQL: the entry of the folder search/.

export { searchRecords } from './search/records.ts';
export { compileSearch, type SearchOptions } from './search/select.ts';
export type { Database } from './search/statement.ts';
