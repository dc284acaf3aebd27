// What an entry of the synonyms says.

/** A way to write something that the code systems write otherwise. Alternatives in `says` are parted by `|`. */
export interface Synonym {
  readonly says: string;
  /** The words that the code systems have for it; they stand in its place in longer queries too. */
  readonly means?: string;
  /**
   * Names of the code systems it is for, separated by spaces. Defaults to those it has codes of, or to all. Code systems that no synonym has codes of take part in every one.
   */
  readonly in?: string;
  /** Codes that the words alone call for, the best first, parted by spaces. */
  readonly icd10cm?: string;
  readonly loinc?: string;
  readonly rxnorm?: string;
  readonly cvx?: string;
}
