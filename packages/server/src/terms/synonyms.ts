// Abbreviations and everyday names: what they mean in the words of the code systems, and which codes they call for.

import { CVX, ICD10CM, LOINC, RXNORM } from '@chartwire/sdk/internal/kit/systems';
import { CONDITIONS } from './synonyms/conditions.ts';
import { DRUGS } from './synonyms/drugs.ts';
import { EVERYDAY } from './synonyms/everyday.ts';
import { LABS } from './synonyms/labs.ts';
import type { Synonym } from './synonyms/synonym.ts';
import { tellingWords } from './words.ts';

export const SYNONYMS: readonly Synonym[] = [...CONDITIONS, ...LABS, ...DRUGS, ...EVERYDAY];

const NAMES = { [ICD10CM]: 'icd10cm', [LOINC]: 'loinc', [RXNORM]: 'rxnorm', [CVX]: 'cvx' } as const;
type Name = (typeof NAMES)[keyof typeof NAMES];

/** Words that a synonym may have. */
export const LONGEST_SYNONYM = 4;

const bySaying = new Map<string, Synonym[]>();
for (const synonym of SYNONYMS) {
  for (const saying of synonym.says.split('|')) {
    const key = tellingWords(saying).join(' ');
    bySaying.set(key, [...(bySaying.get(key) ?? []), synonym]);
  }
}

/** The synonyms that are said with exactly these words and hold in the code system. */
export function synonymsOf(words: readonly string[], system: string): Synonym[] {
  const name = nameOf(system);
  return (bySaying.get(words.join(' ')) ?? []).filter((synonym) => name === undefined || holds(synonym, name));
}

/** The codes of a code system that a synonym calls for, the best first. */
export function codesOf(synonym: Synonym, system: string): readonly string[] {
  const name = nameOf(system);
  return (name && synonym[name]?.split(' ')) ?? [];
}

function holds(synonym: Synonym, name: Name): boolean {
  if (synonym.in !== undefined) return synonym.in.split(' ').includes(name);
  return synonym[name] !== undefined || Object.values(NAMES).every((other) => synonym[other] === undefined);
}

function nameOf(system: string): Name | undefined {
  return Object.hasOwn(NAMES, system) ? NAMES[system as keyof typeof NAMES] : undefined;
}
