// Breaks text into lines that fit a width, in linear time even for long words: pdfkit's own wrapping measures the rest of a long
// word again for each line.

/** Letters of a word to measure at once; a longer word fills its lines letter by letter. */
const WORD = 60;
/** Letters per line, for letters without width. */
const LINE = 250;

/** A letter with its combining marks. */
const LETTER = /[^\p{M}]\p{M}{0,8}|\p{M}/gu;
/** A word, or the first `WORD` letters of a longer one, with the following space. */
const WORDS = new RegExp(`(?:[^\\p{M} ]\\p{M}{0,8}|\\p{M}){1,${WORD}} ?| `, 'gu');

/** The lines of the text's paragraphs, without surrounding spaces; an empty paragraph is an empty line. */
export function* linesOf(text: string, width: number, widthOf: (text: string) => number): Generator<string> {
  for (const paragraph of paragraphsOf(text)) {
    let line = '';
    let taken = 0;
    for (const piece of piecesOf(paragraph, width, widthOf)) {
      const wide = widthOf(piece);
      // The space after the last word of a line needs no room.
      const needed = piece.endsWith(' ') ? widthOf(piece.slice(0, -1)) : wide;
      if (line !== '' && (taken + needed > width || line.length + piece.length > LINE)) {
        yield line.trimEnd();
        line = '';
        taken = 0;
      }
      line += piece;
      taken += wide;
    }
    yield line.trimEnd();
  }
}

function* paragraphsOf(text: string): Generator<string> {
  let from = 0;
  for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
    yield text.slice(from, to);
    from = to + 1;
  }
  yield text.slice(from);
}

/** Words, and single letters of words that are too long for a line or to measure at once. */
function* piecesOf(paragraph: string, width: number, widthOf: (text: string) => number): Generator<string> {
  let within = false;
  for (const [word] of paragraph.matchAll(WORDS)) {
    const goesOn = word.length >= WORD && !word.endsWith(' ');
    if (within || goesOn || widthOf(word.trimEnd()) > width) {
      for (const [letter] of word.matchAll(LETTER)) yield letter;
    } else yield word;
    within = goesOn;
  }
}
