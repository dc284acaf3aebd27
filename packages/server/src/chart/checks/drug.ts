// A drug's ingredients, as far as its code, name, or typed words tell.

import type { CodeableConcept } from '@medplum/fhirtypes';
import { RXNORM } from '@chartwire/sdk/internal/kit/systems';
import { mentioned, type ReadName, readDrugName } from '@chartwire/sdk/internal/substances/drug-name';
import { ingredientNamed } from '@chartwire/sdk/internal/substances/ingredients';
import { unknownNames } from '@chartwire/sdk/internal/substances/unknown-names';
import type { Fields, Terms } from '../commands/fields.ts';

export interface Drug {
  /** As selected or typed. */
  readonly name: string;
  /** Names of its ingredients. */
  readonly ingredients: readonly string[];
  /** The list is complete. */
  readonly whole: boolean;
  /** Names in its words that aren't in our tables, and weren't checked. */
  readonly unknown: readonly string[];
}

/** Classes of an ingredient; undefined if it isn't in our tables. */
export function classesOf(ingredient: string): readonly string[] | undefined {
  return ingredientNamed(ingredient)?.classes;
}

/**
 * The drug of a concept. An RxNorm code has a name from which ingredients can be parsed, even unknown ones; other words are
 * searched for known ones. Everything that any of its names mentions counts.
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
    if (allKnown(shown) && saysNoMore(display, shown))
      return { name, ingredients: all(shown), whole: true, unknown: [] };
    const looked = readDrugName((await terms.lookup(RXNORM, code!))?.display ?? '');
    const read = [looked, ...(saysNoMore(display, shown) ? [shown] : [])].find(
      ({ ingredients, whole }) => whole && ingredients.length > 0,
    );
    if (read) return { name, ingredients: all(read), whole: true, unknown: [] };
  }
  const partly = reads.some(({ ingredients, whole }) => !whole && ingredients.length > 0);
  const unknown = [...new Set(names.flatMap(unknownNames))];
  return { name, ingredients: all(), whole: !partly && unknown.length === 0 && reads.some(allKnown), unknown };
}

/** Ingredients that aren't in our tables: only their names are known. */
export function unlistedIn({ ingredients }: Drug): readonly string[] {
  return ingredients.filter((one) => classesOf(one) === undefined);
}

/**
 * A sentence about the part of a drug that wasn't checked, if any.
 *
 * @param was what was done with the rest: `checked for duplicates`
 */
export function partlyChecked({ ingredients, unknown }: Drug, was: string): string {
  const known = ingredients.join(', ');
  const names = unknown.slice(0, 5).map((name) => `“${name.slice(0, 60)}”`);
  const verb = names.length > 1 ? 'are' : 'is';
  return names.length > 0
    ? `${names.join(', ')} ${verb} not in the table of ingredients: only ${known} was ${was}.`
    : `This drug may have other ingredients: only ${known} was ${was}.`;
}

/** Whether the rest of a name, apart from its ingredients, doesn't look like another: `lisinopril 10 mg, hydrochlorthiazid`. */
function saysNoMore(name: string, { ingredients }: ReadName): boolean {
  return unknownNames(name).every((one) => ingredients.includes(one));
}

function allKnown({ ingredients, whole }: ReadName): boolean {
  return whole && ingredients.length > 0 && ingredients.every(ingredientNamed);
}

/** What a command prescribes; undefined if nothing is selected yet. */
export async function prescribedDrug(fields: Fields, terms: Pick<Terms, 'lookup'>): Promise<Drug | undefined> {
  const { prescribe, compoundMedicationData: compound } = fields as {
    readonly prescribe?: { readonly value: string; readonly text: string; readonly coding?: CodeableConcept['coding'] };
    readonly compoundMedicationData?: { readonly formulation: string };
  };
  if (prescribe) {
    const bare = /^\d{1,8}$/.test(prescribe.value) ? [{ system: RXNORM, code: prescribe.value }] : [];
    return drugOf({ coding: prescribe.coding?.length ? prescribe.coding : bare, text: prescribe.text }, terms);
  }
  if (compound) {
    const { formulation: name } = compound;
    return { name, ingredients: mentioned(name), whole: false, unknown: [] };
  }
  return fields.compoundMedicationId === undefined
    ? undefined
    : { name: 'this compound', ingredients: [], whole: false, unknown: [] };
}
