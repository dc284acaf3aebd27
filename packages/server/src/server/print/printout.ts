// The content of a printout before layout: its patient, its parts, and its signatures.

export type Fact = readonly [label: string, text: string];

/** A warning about a part or the whole: `Not signed`, `Entered in error: wrong patient`. */
export interface Caution {
  readonly text: string;
  /** No longer valid: its text is struck through. */
  readonly struck?: true;
}

export interface Part {
  readonly heading?: string;
  readonly facts?: readonly Fact[];
  /** Paragraphs. */
  readonly text?: string;
  readonly caution?: Caution;
}

/** `mark` says it briefly on every page, for a loose page. */
export type Warning = Caution & { readonly mark: string };

export interface PrintedPatient {
  readonly name: string;
  /** On every page: what distinguishes patients of the same name. */
  readonly identity: readonly Fact[];
  /** On the first page. */
  readonly contact: readonly Fact[];
  /** Abnormal ranges of vital signs are known for adults only. */
  readonly adult: boolean;
}

export interface Printout {
  readonly title: string;
  /** What the title doesn't say: visit, author, and date. */
  readonly subtitle: string;
  readonly patient: PrintedPatient;
  readonly caution?: Warning;
  readonly parts: readonly Part[];
  /** One line each: signatures and later events, oldest first. */
  readonly attestation: readonly string[];
  /** A line to sign by hand, and the text below it. */
  readonly signHere?: string;
  /** At the foot of every page, before the page number. */
  readonly foot: string;
}
