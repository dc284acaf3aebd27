// Between Chartwire's own code systems of allergens and reactions and the standard codes that records are given.

import { ALLERGENS, ALLERGY_REACTIONS } from '#kit/systems.ts';
import { ALL_ALLERGENS, allergenOfKey } from './allergen-names.ts';
import type { Code } from './coding.ts';
import { REACTIONS, reactionCoding } from './reactions.ts';

export const OWN_SYSTEMS = [ALLERGENS, ALLERGY_REACTIONS] as const;
type OwnSystem = (typeof OWN_SYSTEMS)[number];

/** The code that records have for a term of one of our own systems; undefined for terms of others, or without one. */
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

/** The key in one of our own systems of a standard code. */
export function ownKeyOf(own: OwnSystem, { system, code }: Code): string | undefined {
  return CODES[own].get(`${system}|${code}`);
}

/** The key of what a caller names by its standard code alone; undefined where the system is not ours or has no such code. */
export function ownCode(system: string, code: string): string | undefined {
  if (system !== ALLERGENS && system !== ALLERGY_REACTIONS) return undefined;
  for (const [name, key] of CODES[system]) if (name.endsWith(`|${code}`)) return key;
  return undefined;
}
