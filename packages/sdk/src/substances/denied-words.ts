// Words that deny an allergy: `no known latex allergy`, `denies allergies to food or drugs`. What might say more than that is
// left alone: an allergy that is hidden harms, one that is shown too often is only in the way.

/** `no known drug allergies`: what is denied stands before the word or after `to`. */
const DENIES =
  /^(?:no|denies|denied|negative for|has no|reports no|nil)\s+(?:(?:any|known)\s+)*(?<before>[^:]*?)\s*\b(?:allerg(?:y|ies)|hypersensitivit(?:y|ies))(?:\s+(?:or|and)\s+intolerances?)?(?:\s+(?:known|reported))?(?:\s+to\s+(?:any\s+)?(?<after>.+))?$/;
const NOT_ALLERGIC = /^(?:is\s+)?not\s+(?:known to be\s+)?allergic\s+to\s+(?:any\s+)?(?<after>.+)$/;
/** Words with which the rest says something else: that there is one, or that only some are denied. */
const SAYS_MORE =
  /\b(?:but|except(?:ing|ion)?|exclud\w+|other|than|besides|apart|aside|however|although|unless|new|further|additional|more|severe|serious|significant|major|recent|documented|recorded|longer|anymore|with|has|had|have|is|was|caus\w*|rash|hives|reaction\w*|history|when|after|since|yes|unknown|unsure|tolerat\w*|intoleran\w*|allerg\w*|no|not)\b/;
const SUBJECT = /^[\p{L}][\p{L}\p{N}' -]*$/u;
/** Words of the name of a substance. */
const MOST_WORDS = 4;

/**
 * What a clause in lower case denies an allergy to; empty where it denies every one, undefined where it is no such clause.
 *
 * @param isKind whether a subject is of the kinds people list: those may be joined by commas and slashes too.
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
    (one) => SUBJECT.test(one) && one.split(' ').length <= MOST_WORDS && !SAYS_MORE.test(one),
  );
  return named ? substances : undefined;
}
