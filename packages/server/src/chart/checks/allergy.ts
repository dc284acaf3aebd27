// allergy: compares a prescription with the patient's allergies, by ingredient and class.

import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { RXNORM } from '@chartwire/sdk/internal/kit/systems';
import type { Allergen } from '@chartwire/sdk/internal/substances/allergen-names';
import { allergensOf, isDrug, isListed } from '@chartwire/sdk/internal/substances/allergens';
import { isAllergy, isSevere } from '@chartwire/sdk/internal/substances/allergy-state';
import { classInSentence, drugClass } from '@chartwire/sdk/internal/substances/classes';
import { categoriesOf } from '@chartwire/sdk/internal/substances/contradiction';
import type { Terms } from '../commands/fields.ts';
import { type BuiltInCheck, type CheckedCommit, type Finding, mayRead, sentences } from './check.ts';
import { classesOf, type Drug, partlyChecked, prescribedDrug, unlistedIn } from './drug.ts';
import { recordsOf } from './patient-records.ts';

export const allergyCheck: BuiltInCheck = {
  name: 'allergy',
  label: 'Allergy',
  command: 'prescribe',
  summary:
    'Compares the ingredients of what is prescribed, and their classes, with the allergies on the chart. It asks for a reason. ' +
    'It says so where it does not know the ingredients of the drug, or what an allergy is to.',
  run: findAllergy,
};

async function findAllergy(asked: CheckedCommit): Promise<Finding | undefined> {
  const drug = await prescribedDrug(asked.fields, asked.terms);
  if (!drug) return undefined;
  const allergies = await allergiesToDrugs(asked);
  if (allergies.length === 0) return undefined;
  const found: string[] = [];
  const unclear: string[] = [];
  for (const { allergy, allergens } of allergies) {
    const unknown = allergens.length === 0 || !allergens.every(isListed);
    const name = nameOf(allergy);
    const against = allergens.flatMap((allergen) => clash(drug, allergen, isSevere(allergy)) ?? []);
    if (against.length > 0) found.push(`The chart has an allergy to ${name}${reactionsOf(allergy)}. ${against[0]}`);
    else if (unknown && drug.name.toLowerCase().includes(name.toLowerCase())) {
      found.push(`The chart has an allergy to ${name}${reactionsOf(allergy)}.`);
    } else if (unknown) unclear.push(name);
  }
  if (found.length > 0) {
    const conflicts = mayRead(asked, 'AllergyIntolerance')
      ? found
      : ['This drug conflicts with an allergy on the chart.'];
    const message = sentences([...conflicts, ...(drug.unknown.length > 0 ? uncheckedOf(drug) : [])]);
    return { outcome: 'confirm', message, field: 'prescribe' };
  }
  return unknownIn(drug, mayRead(asked, 'AllergyIntolerance') ? unclear : unclear.map(() => 'an allergy'));
}

interface KnownAllergy {
  readonly allergy: AllergyIntolerance;
  readonly allergens: readonly Allergen[];
}

/** Counts unless known to be of another kind: the category "food" must not hide an allergy to a drug. */
async function allergiesToDrugs({ draft, patient, terms }: CheckedCommit): Promise<KnownAllergy[]> {
  const found: KnownAllergy[] = [];
  for (const allergy of await recordsOf(draft, 'AllergyIntolerance', patient)) {
    if (!isAllergy(allergy)) continue;
    const kinds = categoriesOf(allergy);
    const allergens = await known(allergy, terms);
    if (kinds.size === 0 || kinds.has('medication') || allergens.some(isDrug)) found.push({ allergy, allergens });
  }
  return found;
}

/** An old allergy may name a product by code only. */
async function known({ code = {} }: AllergyIntolerance, terms: Pick<Terms, 'lookup'>): Promise<readonly Allergen[]> {
  const found = allergensOf(code);
  if (found.some(isListed)) return found;
  for (const { system, code: rxcui } of code.coding ?? []) {
    const term = system === RXNORM && rxcui ? await terms.lookup(RXNORM, rxcui) : undefined;
    const looked = term ? allergensOf({ coding: [term] }) : [];
    if (looked.some(isListed)) return looked;
  }
  return found;
}

/** Why the drug is unsuitable for the allergy; undefined if nothing is known against it. */
function clash(drug: Drug, allergen: Allergen, severe: boolean): string | undefined {
  const reactsTo = allergen.kind === 'class' ? [allergen.key] : [];
  const shared = (allergen.ingredient ? classesOf(allergen.ingredient) : undefined) ?? [];
  for (const ingredient of drug.ingredients) {
    if (ingredient === allergen.ingredient) return `This drug has ${ingredient}.`;
    for (const key of classesOf(ingredient) ?? []) {
      const known = drugClass(key);
      const label = known ? classInSentence(known) : key;
      if (reactsTo.includes(key)) return `${capital(ingredient)} is one of the ${label}.`;
      if (shared.includes(key) && drugClass(key)?.shared) return `${capital(ingredient)} is one of the ${label} too.`;
      for (const from of [...reactsTo, ...shared]) {
        const warning = drugClass(from)?.warnsOf?.[key];
        if (warning === 'always' || (warning === 'severe' && severe))
          return `${capital(ingredient)} is one of the ${label}, which may cause the same reaction.`;
      }
    }
  }
  return undefined;
}

function unknownIn(drug: Drug, unclear: readonly string[]): Finding | undefined {
  const said = drug.whole ? [] : uncheckedOf(drug);
  const unclassed = drug.whole ? unlistedIn(drug) : [];
  if (unclassed.length > 0)
    said.push(
      `The drug class of ${unclassed.join(', ')} is unknown: it was compared with the allergies by its name only.`,
    );
  if (unclear.length > 0)
    said.push(`It is unknown what these allergies are to, so they were not checked: ${unclear.join(', ')}.`);
  return said.length > 0 ? { outcome: 'unknown', message: sentences(said), field: 'prescribe' } : undefined;
}

/** For a drug that isn't completely known. */
function uncheckedOf(drug: Drug): string[] {
  return drug.ingredients.length > 0
    ? [partlyChecked(drug, 'compared with the allergies on the chart')]
    : ['The ingredients of this drug are unknown: it was not checked against the allergies on the chart.'];
}

export function nameOf({ code }: AllergyIntolerance): string {
  return code?.text ?? code?.coding?.find(({ display }) => display)?.display ?? 'an unnamed substance';
}

/** ` (hives, severe)`. */
function reactionsOf({ reaction = [] }: AllergyIntolerance): string {
  const said = reaction.flatMap(({ manifestation, severity }) => [
    ...manifestation.map(({ text, coding }) => text ?? coding?.[0]?.display),
    severity,
  ]);
  const words = [...new Set(said.filter((one) => one !== undefined && one !== 'Unknown'))];
  return words.length > 0 ? ` (${words.join(', ').toLowerCase()})` : '';
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
