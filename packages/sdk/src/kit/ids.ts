// Ids: FHIR logical ids everywhere. Chartwire's own are UUIDv7, which sort by time.

/** Fills the given array with random bytes and returns it. The pure floors have no crypto of their own. */
export type RandomSource = (bytes: Uint8Array) => Uint8Array;

const FHIR_ID = /^[A-Za-z0-9\-.]{1,64}$/;

/** True for a FHIR logical id (R4 datatypes, `id`: 1 to 64 of letters, digits, `-` and `.`). */
export function isFhirId(value: unknown): value is string {
  return typeof value === 'string' && FHIR_ID.test(value);
}

/** A UUIDv7 (RFC 9562 section 5.7): 48 bits of Unix milliseconds, then 74 random bits. */
export function uuidv7(now: number, random: RandomSource): string {
  const bytes = random(new Uint8Array(16));
  let time = Math.floor(now);
  for (let i = 5; i >= 0; i--) {
    bytes[i] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The creation time of a UUIDv7, in milliseconds since 1970; NaN for any other id. */
export function uuidv7Time(id: string): number {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(id) ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : Number.NaN;
}

/** Splits `Patient/123` into type and id; undefined if it isn't a literal relative reference. */
export function parseReference(reference: string | undefined): { type: string; id: string } | undefined {
  const match = reference === undefined ? null : /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(reference);
  return match ? { type: match[1]!, id: match[2]! } : undefined;
}
