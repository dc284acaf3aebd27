// The text of a FHIRPath as @medplum/core's tree, held to the grammar: the library stops at the first word it can't use
// and says nothing, takes `"a"` and `1abc` for texts, and moves times into UTC.

import { initFhirPathParserBuilder, LiteralAtom, type parseFhirPath, Tokenizer } from '@medplum/core';

/** An unsupported part of FHIRPath, or of the values it would need. No other result was returned in its place. */
export class Unsupported extends Error {}

export type Atom = ReturnType<typeof parseFhirPath>['child'];

const STRING = /'(?:[^\\']|\\(?:['"`\\/fnrt]|u[0-9a-fA-F]{4}))*'/y;
const DATE = /@\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:\d{2}))?)?)?(?![\w:.-])/y;

const builder = initFhirPathParserBuilder().registerPrefix('DateTime', {
  parse: (_parser, { value }) => new LiteralAtom({ type: value.includes('T') ? 'dateTime' : 'date', value }),
});

/** @throws Unsupported, or the library's error for invalid FHIRPath */
export function parse(text: string): Atom {
  const tokens = new Tokenizer(text, ['true', 'false'], ['!=', '!~', '<=', '>=', '{}', '->'])
    .tokenize()
    .filter(({ id }) => id !== 'Comment');
  for (const { id, index } of tokens) {
    if (id === 'String' && !isAt(STRING, text, index))
      throw new Unsupported("a text that is not in '' or has an unknown escape");
    if (id === 'DateTime' && !isAt(DATE, text, index))
      throw new Unsupported('a date that is not written @2020-12-31 or @2020-12-31T10:00:00Z');
    if (id === 'Quantity') throw new Unsupported('a quantity');
  }
  if (tokens.some(({ id }, at) => id === '(' && tokens[at - 1]?.id === '.')) throw new Unsupported('. before (');
  const parser = builder.construct(tokens);
  const atom = parser.consumeAndParse();
  if (parser.hasMore()) throw new Unsupported('words after the end');
  return atom;
}

function isAt(pattern: RegExp, text: string, index: number): boolean {
  pattern.lastIndex = index;
  return pattern.test(text);
}
