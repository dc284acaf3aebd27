// A text from outside, such as that of an address, as one of the values that it may have.

/** The value that the text is; undefined for any other. */
export function oneOf<T extends string>(values: readonly T[], text: string | null | undefined): T | undefined {
  return values.find((value) => value === text);
}
