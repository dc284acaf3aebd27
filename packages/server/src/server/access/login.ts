// Logins and addresses as stored and compared: equal up to ASCII case only. A wider folding would merge different addresses:
// `toLowerCase()` turns a Kelvin sign into k, and `trim()` removes a no-break space.

/** Lowercases ASCII letters only. */
export function loginOf(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

const SHAPE = /^[^\s@]{1,64}@[^\s@]{1,180}$/u;
/** Invisible characters: control, format, unassigned, and private-use. */
const UNSEEN = /[\p{C}\p{Z}]/u;

/**
 * Why `text` can't be a new login; undefined if it can. Refuses lookalikes: invisible characters, and compatibility characters
 * such as the Kelvin sign.
 */
export function loginFault(text: string): string | undefined {
  if (!SHAPE.test(text)) return 'a login looks like an e-mail address: name@example.org';
  if (UNSEEN.test(text)) return 'it has a character that can’t be seen';
  if (text.normalize('NFKC') !== text) return 'it has a character that is easily mistaken for another';
  return undefined;
}
