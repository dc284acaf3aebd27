// Makes text from outside safe for a terminal, log, or error: characters that move the cursor, color or hide text, or reverse its
// direction are shown as escapes.

/**
 * Control characters (which start escape sequences), direction marks, zero-width characters, line separators that only some
 * programs recognize, and lone surrogates. Not line breaks, tabs, or emoji variation selectors.
 */
const UNSEEN = /(?!\n|\t|\ufe0e|\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Escapes each such character as JSON would: `\u001b`, `\u202e`. Escaped JSON keeps its meaning. */
export function visibleText(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(UNSEEN, written);
}

/** The same on one line, with each run of space as a single space. */
export function visibleLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(UNSEEN, written);
}

function written(character: string): string {
  let codes = '';
  for (let at = 0; at < character.length; at++) {
    codes += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }
  return codes;
}
