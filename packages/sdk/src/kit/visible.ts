// Text of others on its way to a terminal, a log or an error: what would move the cursor, color or hide text, or turn its
// direction around is written out, so that what is read is what is there.

/**
 * Control characters (escape sequences begin with one), marks of direction, characters without width, separators of lines
 * that only some programs take for ones, half surrogate pairs. Line breaks, tabs and the style of an emoji aren't.
 */
const UNSEEN = /(?!\n|\t|\ufe0e|\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** With each such character as JSON would escape it: `\u001b`, `\u202e`. JSON means the same afterwards. */
export function visibleText(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(UNSEEN, written);
}

/** The same on one line: all space in a row is one. */
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
