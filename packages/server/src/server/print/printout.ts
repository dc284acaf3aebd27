// What is printed, before it is laid out: whose it is, what it says, who stands for it.

export type Fact = readonly [label: string, text: string];

/** What is wrong with a part, or with the whole: `Not signed`, `Entered in error: wrong patient`. */
export interface Caution {
  readonly text: string;
  /** It doesn't hold any more: its words are struck through. */
  readonly struck?: true;
}

export interface Part {
  readonly heading?: string;
  readonly facts?: readonly Fact[];
  /** Paragraphs. */
  readonly text?: string;
  readonly caution?: Caution;
}

/** `mark` says it in a word or two on every page, for a page that is found by itself. */
export type Warning = Caution & { readonly mark: string };

export interface PrintedPatient {
  readonly name: string;
  /** On every page: what tells this patient from others of the name. */
  readonly identity: readonly Fact[];
  /** On the first page. */
  readonly contact: readonly Fact[];
  /** What is unusual in vital signs is known of adults. */
  readonly adult: boolean;
}

export interface Printout {
  readonly title: string;
  /** What the title leaves open: of which visit, by whom, when. */
  readonly subtitle: string;
  readonly patient: PrintedPatient;
  readonly caution?: Warning;
  readonly parts: readonly Part[];
  /** One line each: signatures and what became of them, oldest first. */
  readonly attestation: readonly string[];
  /** A line to sign by hand, and what stands below it. */
  readonly signHere?: string;
  /** At the foot of every page, before its number. */
  readonly foot: string;
}
