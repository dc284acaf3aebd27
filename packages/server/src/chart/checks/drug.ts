// What a drug consists of, as far as its code, its name or the words it was typed in tell.

import type { CodeableConcept } from '@medplum/fhirtypes';
import { RXNORM } from '@chartwire/sdk/internal/kit/systems';
import { mentioned, type ReadName, readDrugName } from '@chartwire/sdk/internal/substances/drug-name';
import { ingredientNamed } from '@chartwire/sdk/internal/substances/ingredients';
import type { Terms } from '../commands/fields.ts';
import type { Fields } from '../commands/gates.ts';

export interface Drug {
  /** As it was picked or typed. */
  readonly name: string;
  /** Names of its ingredients. */
  readonly ingredients: readonly string[];
  /** These are all of them. */
  readonly whole: boolean;
}

/** Classes of an ingredient; undefined for one that is in no table of ours. */
export function classesOf(ingredient: string): readonly string[] | undefined {
  return ingredientNamed(ingredient)?.classes;
}

/**
 * The drug of a concept. A code of RxNorm has a name whose ingredients can be read, even those that are in no table of ours;
 * words are searched for those we know. What any of its names mentions counts.
 */
export async function drugOf({ coding = [], text = '' }: CodeableConcept, terms: Pick<Terms, 'lookup'>): Promise<Drug> {
  const names = [text, ...coding.map(({ display }) => display ?? '')].filter((one) => one.trim() !== '');
  const coded = coding.filter(({ system, code }) => system === RXNORM && code !== undefined);
  const name = names[0] ?? coded[0]?.code ?? 'this drug';
  const reads = names.map(readDrugName);
  const known = reads.flatMap(({ ingredients }) => ingredients.filter(ingredientNamed));
  const all = (read?: ReadName) => [...new Set([...(read?.ingredients ?? []), ...known])];
  for (const { code, display = '' } of coded) {
    const shown = readDrugName(display);
    if (allKnown(shown)) return { name, ingredients: all(shown), whole: true };
    const looked = readDrugName((await terms.lookup(RXNORM, code!))?.display ?? '');
    const read = [looked, shown].find(({ ingredients, whole }) => whole && ingredients.length > 0);
    if (read) return { name, ingredients: all(read), whole: true };
  }
  const partly = reads.some(({ ingredients, whole }) => !whole && ingredients.length > 0);
  return { name, ingredients: all(), whole: !partly && reads.some(allKnown) };
}

function allKnown({ ingredients, whole }: ReadName): boolean {
  return whole && ingredients.length > 0 && ingredients.every(ingredientNamed);
}

/** What a command prescribes; undefined while it names nothing. */
export async function prescribedDrug(fields: Fields, terms: Pick<Terms, 'lookup'>): Promise<Drug | undefined> {
  const { prescribe, compoundMedicationData: compound } = fields as {
    readonly prescribe?: { readonly value: string; readonly text: string; readonly coding?: CodeableConcept['coding'] };
    readonly compoundMedicationData?: { readonly formulation: string };
  };
  if (prescribe) {
    const bare = /^\d{1,8}$/.test(prescribe.value) ? [{ system: RXNORM, code: prescribe.value }] : [];
    return drugOf({ coding: prescribe.coding?.length ? prescribe.coding : bare, text: prescribe.text }, terms);
  }
  if (compound) return { name: compound.formulation, ingredients: mentioned(compound.formulation), whole: false };
  return fields.compoundMedicationId === undefined
    ? undefined
    : { name: 'this compound', ingredients: [], whole: false };
}
