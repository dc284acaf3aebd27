// A row of the table of refusals.

/**
 * One refusal: `status` is the HTTP status, `issue` a code of http://hl7.org/fhir/issue-type, and `sentence` may contain
 * `{placeholders}`.
 */
export interface ErrorRow {
  readonly status: number;
  readonly issue: string;
  readonly sentence: string;
  /** What the reader can do next. Part of each answer. */
  readonly next: string;
}
