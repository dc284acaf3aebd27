// Logins and addresses, as they are stored and compared: equal up to ASCII case, and nothing else. Any wider folding makes
// two different addresses one account: `toLowerCase()` turns a Kelvin sign into k, `trim()` drops a no-break space.

/** ASCII letters in lower case; every other character as it is. */
export function loginOf(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

const SHAPE = /^[^\s@]{1,64}@[^\s@]{1,180}$/u;
/** Control and format characters, unassigned and private ones: none of them can be seen. */
const UNSEEN = /[\p{C}\p{Z}]/u;

/**
 * Why a new login can't be `text`; undefined when it can. Refused is what looks like another login: characters that
 * can't be seen, and those that Unicode has only for compatibility, such as the Kelvin sign.
 */
export function loginFault(text: string): string | undefined {
  if (!SHAPE.test(text)) return 'a login looks like an e-mail address: name@example.org';
  if (UNSEEN.test(text)) return 'it has a character that can’t be seen';
  if (text.normalize('NFKC') !== text) return 'it has a character that is easily mistaken for another';
  return undefined;
}
