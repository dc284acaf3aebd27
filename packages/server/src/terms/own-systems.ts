// Chartwire's own code systems as tables, made from `substances/`: what people are allergic to, and how it shows.

import { ALL_ALLERGENS, type Allergen } from '@chartwire/sdk/internal/substances/allergen-names';
import { ingredientsIn } from '@chartwire/sdk/internal/substances/drug-name';
import { REACTIONS } from '@chartwire/sdk/internal/substances/reactions';
import type { Term } from './term.ts';

export type OwnSystem = 'allergens' | 'reactions';

/** A table as `formats/table.ts` reads it. @param drugs brands and other words by which ingredients are found too. */
export function ownTable(name: OwnSystem, drugs: readonly Term[]): string {
  const rows =
    name === 'allergens' ? allergens(drugs) : REACTIONS.map(({ key, label, also }) => [key, label, words(also)]);
  return ['code\tdisplay\talso', ...rows.map((row) => row.join('\t'))].join('\n');
}

function allergens(drugs: readonly Term[]): string[][] {
  const brands = new Map<string, Set<string>>();
  for (const { display, also = '' } of drugs) {
    for (const ingredient of ingredientsIn(display)) {
      const known = brands.get(ingredient) ?? new Set();
      for (const word of also.split(' ')) known.add(word);
      brands.set(ingredient, known);
    }
  }
  return ALL_ALLERGENS.map((one) => [one.key, one.label, [words(one.also), ...brandsOf(one, brands)].join(' ').trim()]);
}

function brandsOf({ ingredient }: Allergen, brands: ReadonlyMap<string, ReadonlySet<string>>): Iterable<string> {
  return (ingredient !== undefined && brands.get(ingredient)) || [];
}

function words(also: string | undefined): string {
  return also?.replaceAll('|', ' ') ?? '';
}
