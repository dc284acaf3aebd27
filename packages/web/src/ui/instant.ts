// Instants as FHIR writes them.

/** A FHIR dateTime or instant. R4 has leap seconds, JavaScript has none. What is no time is an invalid date: it doesn't throw. */
export function instantFrom(text: string): Date {
  return new Date(text.replace(/:60(?=[.Z+-])/, ':59'));
}
