// FHIR search in SQL: the entry of the folder search/.

export { type Database, searchRecords } from './search/records.ts';
export { compileSearch, type SearchOptions } from './search/select.ts';
