// The rules of docs/style.md that a program can check: phrases that nobody says, British spellings, and long sentences. To ban
// another, add its line.

export interface Rule {
  readonly pattern: RegExp;
  /** What to say instead. */
  readonly say: string;
}

/** Not case sensitive, whole words. */
const rule = (phrase: string, say: string): Rule => ({ pattern: new RegExp(`\\b(?:${phrase})\\b`, 'i'), say });

export const MANNERED: readonly Rule[] = [
  rule('all else', 'anything else, everything else'),
  rule('for ever', 'forever'),
  rule('once more', 'again'),
  rule('anew', 'again'),
  rule('the same holds', 'the same applies'),
  rule('holds for', 'applies to'),
  rule('(?:is|are|was|were) to be', 'must be, will be, or the verb itself'),
  rule('may not be', 'must not be, or cannot be'),
  rule('(?:is|are|was|were|be) owed', 'pending'),
  rule('owes?', 'has pending'),
  rule('who has gone on', 'who has moved on'),
  rule('one that (?:has|is|was)', 'name the thing again'),
  rule('(?:is|are|was|were|be) told', 'gets a message, learns, is notified'),
  rule('tells (?:of|that|whether)', 'says'),
  rule('(?:told|known|found) by', 'identified by, or the active voice'),
  rule('come(?:s)? to by', 'get'),
  rule('as ever', 'as always, or nothing'),
  rule('the like', 'similar'),
  rule('whereof|thereof|therein|thereby|hereby|whence|thence|hence', 'so, from that, in it'),
  rule('lest', 'so that ... not'),
  rule('in the place of', 'instead of, in place of'),
  rule('given away', 'handed over'),
  rule('by now', 'now, in the meantime'),
  rule('of (?:one|its|his|her|their) own accord', 'by itself'),
  rule('nobody but', 'only'),
  rule('no more than', 'at most, or only'),
  rule('somebody else’s|of somebody', 'another person’s'),
  rule('whichever way', 'however'),
  rule('which way', 'how'),
  rule('a house of', 'name what it is'),
  rule('goes round in circles', 'loops'),
  rule('has it that', 'says that'),
  rule('wants to be', 'should be'),
  rule('besides', 'also, as well'),
  rule('makes? known', 'announces'),
  rule('taken for', 'treated as, mistaken for'),
  rule('stands? for', 'means, or signs for'),
  rule('let be', 'left alone'),
  rule('upon', 'on'),
  rule('amongst|whilst|amidst', 'among, while'),
  rule('shall', 'must, or will'),
  rule('is it that', 'say it plainly'),
];

export const BRITISH: readonly Rule[] = [
  rule('\\w*colour\\w*', 'color'),
  rule('behaviour\\w*', 'behavior'),
  rule('honour\\w*|favour\\w*|neighbour\\w*|labour\\w*', '-or'),
  rule(
    '\\w+(?:ganis|rmalis|ecialis|ecognis|uthoris|ialis|inimis|aximis|ummaris|ustomis|ategoris)(?:e|es|ed|ing|ation|ations)',
    '-ize',
  ),
  rule('analys(?:e|ed|es|ing)', 'analyze'),
  // After a bar it is a code of FHIR.
  rule('(?<!\\|)(?:cancell|labell|travell|modell|signall)(?:ed|ing)', 'one l: canceled, labeled'),
  rule('misspelt|learnt|spelt|burnt|dreamt', '-ed'),
  rule('licence\\w*', 'license'),
  rule('centre\\w*|metre\\w*|litre\\w*|fibre\\w*', '-er'),
  rule('catalogues|cheque|grey|programme|judgement|ageing|acknowledgement', 'the American spelling'),
  rule('defence|offence|pretence', '-ense'),
  rule('practis(?:e|ed|ing)', 'practice'),
  rule('paediatric\\w*|anaemi\\w*|haemo\\w*|oestr\\w*|foetus|diarrhoea|oedema|tumour\\w*', 'the American spelling'),
];

/** For comments in code, beyond the others. */
export const COMMENTS: readonly Rule[] = [
  rule('unless given', 'defaults to ...'),
  rule('none there is|there is to', 'say what there is'),
  rule('(?:as|what) it is by then', 'its state at that time'),
  rule('is let in|turned away|let in', 'is admitted, is refused'),
  rule('asked (?:for|of) (?:it|whoever)|of whoever|whoever is there', 'the caller, the user'),
  rule('is asked about|are asked about', 'name the query, the gate or the check'),
  rule('what becomes of', 'what happens to'),
  rule('come(?:s)? to be', 'becomes, or the verb itself'),
  rule('what .{1,20} (?:comes?|came) to', 'the result of'),
  rule('so many (?:milliseconds|seconds|bytes|days|points)', 'that many, or the name of the parameter'),
  rule('of late', 'recently'),
  rule('at hand', 'current, in context, or given'),
  rule('in vain', 'for nothing, or say what fails'),
  rule('is no [a-z]+ of (?:ours|theirs)', 'is not our ...'),
  rule('the one door|the (?:FHIR|public) door|at the door', 'the FHIR API, the entry, the export'),
  rule('is said (?:by|of|to)', 'says, in the active voice'),
  rule('a word or two|without a word', 'briefly, silently'),
  rule('not of its own', 'by itself'),
  rule('misspelt', 'misspelled'),
];

/** Words of a sentence. */
export const LONGEST_SENTENCE = 35;

/** The word and what to say instead, for each rule that a text breaks. */
export function broken(text: string, rules: readonly Rule[]): string[] {
  return rules.flatMap(({ pattern, say }) => {
    const found = pattern.exec(text)?.[0];
    return found === undefined ? [] : [`“${found}” (say: ${say})`];
  });
}

/** Sentences with more words than LONGEST_SENTENCE. */
export function longSentences(text: string): string[] {
  return text
    .split(/(?<=[.!?:;])\s+(?=\S)/)
    .filter((sentence) => (sentence.match(/[\p{L}\p{N}][\p{L}\p{N}’'\-/._]*/gu) ?? []).length > LONGEST_SENTENCE);
}
