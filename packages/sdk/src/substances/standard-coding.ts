// Converts between Chartwire's own code systems of allergens and reactions and the standard codes in records.

import { ALLERGENS, ALLERGY_REACTIONS } from '#kit/systems.ts';
import { ALL_ALLERGENS, allergenOfKey } from './allergen-names.ts';
import type { Code } from './coding.ts';
import { REACTIONS, reactionCoding } from './reactions.ts';

export const OWN_SYSTEMS = [ALLERGENS, ALLERGY_REACTIONS] as const;
type OwnSystem = (typeof OWN_SYSTEMS)[number];

/** The standard code of a term in our own systems; undefined for other systems, or without a code. */
export function standardCoding(system: string, code: string): Code | undefined {
  if (system === ALLERGENS) return allergenOfKey(code)?.coding;
  return system === ALLERGY_REACTIONS ? reactionCoding(code) : undefined;
}

const CODES: Readonly<Record<OwnSystem, ReadonlyMap<string, string>>> = {
  [ALLERGENS]: new Map(ALL_ALLERGENS.map(({ key, coding }) => [`${coding.system}|${coding.code}`, key])),
  [ALLERGY_REACTIONS]: new Map(
    REACTIONS.flatMap(({ key }) => {
      const coding = reactionCoding(key);
      return coding ? [[`${coding.system}|${coding.code}`, key] as const] : [];
    }),
  ),
};

/** The key in our own systems for a standard code. */
export function ownKeyOf(own: OwnSystem, { system, code }: Code): string | undefined {
  return CODES[own].get(`${system}|${code}`);
}

/** The key for a standard code alone; undefined if the system isn't ours or lacks the code. */
export function ownCode(system: string, code: string): string | undefined {
  if (system !== ALLERGENS && system !== ALLERGY_REACTIONS) return undefined;
  for (const [name, key] of CODES[system]) if (name.endsWith(`|${code}`)) return key;
  return undefined;
}
