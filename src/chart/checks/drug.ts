// What a drug consists of, as far as its code, its name or the words it was typed in tell.

import type { CodeableConcept } from '@medplum/fhirtypes';
import { RXNORM } from '#kit/systems.ts';
import { ingredientsIn } from '#substances/drug-name.ts';
import { INGREDIENTS, ingredientNamed } from '#substances/ingredients.ts';
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

/** The drug of a concept: a code of RxNorm has a name whose ingredients can be read; words are searched for those we know. */
export async function drugOf({ coding = [], text = '' }: CodeableConcept, terms: Pick<Terms, 'lookup'>): Promise<Drug> {
  const coded = coding.filter(({ system, code }) => system === RXNORM && code !== undefined);
  for (const { code, display } of coded) {
    const known = display ? ingredientsIn(display) : [];
    const looked = known.length > 0 ? known : ingredientsIn((await terms.lookup(RXNORM, code!))?.display ?? '');
    if (looked.length > 0) return { name: text || display || code!, ingredients: looked, whole: true };
  }
  const name = text || coding.find(({ display }) => display)?.display || 'this drug';
  const read = ingredientsIn(name);
  if (read.length > 0 && read.every(ingredientNamed)) return { name, ingredients: read, whole: true };
  return { name, ingredients: mentioned(name), whole: false };
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

function mentioned(words: string): readonly string[] {
  const said = ` ${words.toLowerCase().replaceAll(/[^a-z0-9]+/g, ' ')} `;
  return INGREDIENTS.flatMap(({ name }) => (said.includes(` ${name.replaceAll('-', ' ')} `) ? [name] : []));
}
