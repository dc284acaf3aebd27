// Codes as records have them, and as they should.

export interface LooseCoding {
  readonly system?: string;
  readonly code?: string;
  readonly display?: string;
}

/** A code whose system is known. */
export interface Code {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}
