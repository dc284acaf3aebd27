// Which word a misspelled one may mean: the fewest letters wrong, missing, added, or swapped with a neighbor.

/** Letters that may be wrong in a word of so many. Shorter words are too like one another. */
function tolerance(length: number): number {
  if (length < 4) return 0;
  return length < 8 ? 1 : 2;
}

export interface Candidate {
  readonly word: string;
  /** In how many terms it is. */
  readonly terms: number;
}

/** The nearest other words; among equally near ones, those in most terms. The intended word may have been typed in part. */
export function nearestWords(misspelt: string, candidates: readonly Candidate[], limit: number): string[] {
  const most = tolerance(misspelt.length);
  if (most === 0) return [];
  return candidates
    .map((candidate) => ({ ...candidate, wrong: lettersWrong(misspelt, candidate.word, most) }))
    .filter(({ wrong }) => wrong > 0 && wrong <= most)
    .sort((a, b) => a.wrong - b.wrong || b.terms - a.terms)
    .slice(0, limit)
    .map(({ word }) => word);
}

/** Edit distance (letters, or swaps of neighbors) from `typed` to any prefix of `word`; above `most`, any larger number. */
export function lettersWrong(typed: string, word: string, most: number): number {
  if (typed.length - word.length > most) return most + 1;
  const width = Math.min(word.length, typed.length + most);
  let before: number[] = [];
  let last = Array.from({ length: width + 1 }, (_, column) => column);
  for (let row = 1; row <= typed.length; row++) {
    const now = [row];
    for (let column = 1; column <= width; column++) {
      const same = typed[row - 1] === word[column - 1];
      let least = Math.min(last[column]! + 1, now[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      const swapped =
        row > 1 && column > 1 && typed[row - 1] === word[column - 2] && typed[row - 2] === word[column - 1];
      if (swapped) least = Math.min(least, before[column - 2]! + 1);
      now.push(least);
    }
    if (Math.min(...now) > most) return most + 1;
    [before, last] = [last, now];
  }
  return Math.min(...last);
}
