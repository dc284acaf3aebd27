// Code systems for commands: terms by the codes in charts, and selectable ones.

import { RXNORM } from '@chartwire/sdk/internal/kit/systems';
import { OWN_SYSTEMS, ownCode, ownKeyOf } from '@chartwire/sdk/internal/substances/standard-coding';
import type { LoadedTerms } from '#terms/loaded.ts';
import { lookup } from '#terms/lookup.ts';
import { searchTerms } from '#terms/search.ts';
import type { TermFilter } from '#terms/term.ts';
import { noteUse } from '#terms/uses.ts';
import type { Terms } from './fields.ts';

export function termsOf(terms: LoadedTerms): Terms {
  return {
    lookup: (system, code) => lookup(terms.pool, system, ownCode(system, code) ?? code),
    search: (system, query, limit, prefer, of) =>
      searchTerms(terms, { system, query, limit, prefer, filter: pickable(system, of) }),
    async noteUse(system, code) {
      for (const own of OWN_SYSTEMS) {
        const key = ownKeyOf(own, { system, code });
        if (key !== undefined) await noteUse(terms, own, key);
      }
      await noteUse(terms, system, code);
    },
  };
}

/** Headings can't be billed, retired codes aren't selected any more, and an ingredient isn't a drug. */
function pickable(system: string, of: 'ingredient' | undefined): TermFilter {
  if (system !== RXNORM) return { lacks: ['category', 'inactive'] };
  return of === 'ingredient'
    ? { has: ['ingredient'], lacks: ['inactive'] }
    : { lacks: ['category', 'inactive', 'ingredient'] };
}
