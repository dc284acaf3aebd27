// One row of the table of refusals.

/** One refusal: `status` is HTTP, `issue` a code of http://hl7.org/fhir/issue-type, `sentence` may hold `{holes}`. */
export interface ErrorRow {
  readonly status: number;
  readonly issue: string;
  readonly sentence: string;
  /** What the reader can do next; part of every answer. */
  readonly next: string;
}
