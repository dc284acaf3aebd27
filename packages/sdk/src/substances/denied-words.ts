// Words that deny an allergy: `no known latex allergy`, `denies allergies to food or drugs`. Anything ambiguous is left alone: a
// hidden allergy does harm, while one shown too often is only a nuisance.

import { CLASSES } from './classes.ts';
import { mentioned, readDrugName } from './drug-name.ts';
import { OTHER_ALLERGENS } from './other-allergens.ts';

/** `no known drug allergies`: the subject precedes the word, or follows `to`. */
const DENIES =
  /^(?:no|denies|denied|negative for|has no|reports no|nil)\s+(?:(?:any|known)\s+)*(?<before>[^:]*?)\s*\b(?:allerg(?:y|ies)|hypersensitivit(?:y|ies))(?:\s+(?:or|and)\s+intolerances?)?(?:\s+(?:known|reported))?(?:\s+to\s+(?:any\s+)?(?<after>.+))?$/;
const NOT_ALLERGIC = /^(?:is\s+)?not\s+(?:known to be\s+)?allergic\s+to\s+(?:any\s+)?(?<after>.+)$/;
/** Words that change the meaning: there is an allergy, or only some are denied. */
const SAYS_MORE =
  /\b(?:but|except(?:ing|ion)?|exclud\w+|other|than|besides|apart|aside|however|although|unless|only|just|bar|minus|save|new|further|additional|more|most|some|all|any\w*|every\w*|like|severe|serious|significant|major|definite|recent|documented|recorded|confirmed|proven|test\w*|longer|anymore|with|has|had|have|is|was|he|she|they|pt|patient|per|says|said|report\w*|got|given|tak\w+|avoid\w*|stop\w*|due|because|as|in|if|to|from|caus\w*|induced|rash|hives|reaction\w*|history|when|after|since|until|till|today|yes|unknown|unsure|tolerat\w*|intoleran\w*|allerg\w*|no|not)\b/;
const SUBJECT = /^[\p{L}][\p{L}\p{N}' -]*$/u;
/** Words of the name of a substance. */
const MOST_WORDS = 4;

/**
 * What a lower-case clause denies an allergy to; empty if to everything, undefined if it isn't such a clause.
 *
 * @param isKind whether a subject is of the kinds people list, which may also be joined by commas and slashes
 */
export function deniedIn(clause: string, isKind: (subject: string) => boolean): readonly string[] | undefined {
  const groups = (DENIES.exec(clause) ?? NOT_ALLERGIC.exec(clause))?.groups;
  if (!groups) return undefined;
  const { before = '', after = '' } = groups;
  if (before && after) return undefined;
  const subject = before || after;
  if (subject === '') return [];
  const kinds = subject.split(/\s*[,/&]\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+/).filter(Boolean);
  if (kinds.every(isKind)) return kinds;
  const substances = subject.split(/\s+(?:and|or)\s+/);
  const named = substances.every(
    (one) => SUBJECT.test(one) && one.split(' ').length <= MOST_WORDS && !SAYS_MORE.test(one) && isOneName(one, isKind),
  );
  return named ? substances : undefined;
}

const NAMES: ReadonlySet<string> = new Set(
  [...CLASSES, ...OTHER_ALLERGENS].flatMap(({ label, also }) =>
    [label, ...(also?.split('|') ?? [])].map((name) => singular(name.toLowerCase())),
  ),
);
/** Redundant words after a name. */
const KIND_BEHIND = /\s+(?:antibiotics?|drugs?|medications?|medicines?|products?|containing products?)$/;

/** All or nothing: `penicillin please` contains more than the name. */
function isOneName(subject: string, isKind: (subject: string) => boolean): boolean {
  const names = [subject, subject.replace(KIND_BEHIND, '')].map(singular);
  if (names.some((name) => NAMES.has(name))) return true;
  if (names.some((name) => readDrugName(name).whole && readDrugName(name).ingredients.length > 0)) return true;
  const words = subject.split(/[ -]/);
  const parts = words.flatMap((_, from) => words.slice(from).map((__, more) => words.slice(from, from + more + 1)));
  return !parts
    .map((part) => part.join(' '))
    .some((part) => NAMES.has(singular(part)) || isKind(part) || mentioned(part).length > 0);
}

function singular(name: string): string {
  return name.replace(/s$/, '');
}
