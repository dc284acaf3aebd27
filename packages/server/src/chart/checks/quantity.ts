// quantity: refuses amounts that no pharmacy would fill, and asks a reason for unusual ones. The limits are generous: they catch
// a key pressed too often, and don't judge a dose.

import { controlledAmong } from '@chartwire/sdk/internal/substances/controlled';
import { type BuiltInCheck, type CheckedCommit, type Finding, sentences } from './check.ts';
import { prescribedDrug } from './drug.ts';

/** More than the first needs a reason, more than the second is refused. */
type Limit = readonly [unusual: number, impossible: number];

interface Limits {
  readonly fill: Limit;
  readonly day: Limit;
}

/** By NCPDP quantity qualifier. */
const LIMITS: Readonly<Record<string, Limits>> = {
  // Tablets and capsules.
  C48542: { fill: [720, 3_000], day: [24, 100] },
  C48480: { fill: [720, 3_000], day: [24, 100] },
  // Milliliters: bowel preparations and enteral solutions come by the liter.
  C28254: { fill: [4_000, 50_000], day: [1_000, 5_000] },
  // Grams.
  C48155: { fill: [1_000, 10_000], day: [250, 2_000] },
};
const OTHERS: Limits = { fill: [1_000, 5_000], day: [50, 500] };

/** Days that one prescription may cover: nearly every state limits it to a year. */
const DAYS: Limit = [366, 731];
/** A fill every 28 days makes 13 in a year. */
const REFILLS: Limit = [12, 52];

export const quantityCheck: BuiltInCheck = {
  name: 'quantity',
  label: 'Quantity',
  command: 'prescribe',
  summary:
    'Refuses amounts, days and refills that no pharmacy would fill, and refills that federal law does not allow for controlled ' +
    'substances; asks for a reason where they are unusual. It does not check doses, and the amount a day only where the days’ ' +
    'supply is filled in.',
  run: findQuantity,
};

interface Amounts {
  readonly quantityToDispense?: number;
  readonly daysSupply?: number;
  readonly refills?: number;
  readonly typeToDispense?: { readonly ncpdpQuantityQualifierCode: string; readonly display?: string };
}

interface Excess {
  readonly field: string;
  readonly message: string;
  readonly impossible: boolean;
}

async function findQuantity({ fields, terms }: CheckedCommit): Promise<Finding | undefined> {
  const drug = await prescribedDrug(fields, terms);
  const excesses = [...excessIn(fields as Amounts), ...refillsOfControlled(fields as Amounts, drug?.ingredients ?? [])];
  const [worst] = excesses.toSorted((a, b) => Number(b.impossible) - Number(a.impossible));
  if (!worst) return undefined;
  const said = excesses.filter(({ impossible }) => impossible === worst.impossible);
  const message = sentences(said.map((one) => one.message));
  return { outcome: worst.impossible ? 'refuse' : 'confirm', message, field: worst.field };
}

function excessIn({
  quantityToDispense: quantity,
  daysSupply: days,
  refills = 0,
  typeToDispense: unit,
}: Amounts): Excess[] {
  const limits = LIMITS[unit?.ncpdpQuantityQualifierCode ?? ''] ?? OTHERS;
  const units = unit?.display ? ` (${unit.display.toLowerCase()})` : '';
  const found: (Excess | undefined)[] = [];
  if (quantity !== undefined) found.push(over(quantity, limits.fill, 'quantityToDispense', `${units} at once`));
  if (quantity !== undefined && days !== undefined)
    found.push(over(quantity / days, limits.day, 'quantityToDispense', `${units} a day`));
  found.push(over(refills, REFILLS, 'refills', ' refills'));
  const field = (days ?? 0) > DAYS[0] ? 'daysSupply' : 'refills';
  if (days !== undefined) found.push(over(days * (1 + refills), DAYS, field, ' days with all refills'));
  return found.filter((one) => one !== undefined);
}

/** @param of the substance of the amount */
function over(value: number, [unusual, impossible]: Limit, field: string, of: string): Excess | undefined {
  if (value <= unusual) return undefined;
  const said = `${inWords(value)}${of}`;
  if (value <= impossible) return { field, impossible: false, message: `${said} is unusual. Check it.` };
  return { field, impossible: true, message: `No pharmacy fills ${said}: at most ${inWords(impossible)}.` };
}

function inWords(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
}

function refillsOfControlled({ refills = 0 }: Amounts, ingredients: readonly string[]): Excess[] {
  const controlled = controlledAmong(ingredients);
  if (!controlled || refills <= controlled.mostRefills) return [];
  const { ingredient, schedule, mostRefills } = controlled;
  const law =
    mostRefills === 0 ? 'can’t be refilled: set refills to 0' : `may be refilled at most ${mostRefills} times`;
  const name = ingredient[0]!.toUpperCase() + ingredient.slice(1);
  return [{ field: 'refills', impossible: true, message: `${name} is in schedule ${schedule} and ${law}.` }];
}
