// same-allergy-twice: the allergy is already on the list.

import { noneKnownOf, stands } from '@chartwire/sdk/internal/substances/allergy-state';
import { allergenOfKey } from '@chartwire/sdk/internal/substances/allergen-names';
import { allergensOf } from '@chartwire/sdk/internal/substances/allergens';
import { nameOf } from './allergy.ts';
import { type BuiltInCheck, type CheckedCommit, type Finding, mayRead } from './check.ts';
import { recordsOf } from './patient-records.ts';

interface Substance {
  readonly value: string;
  readonly text: string;
  readonly coding?: readonly { readonly system?: string; readonly code?: string; readonly display?: string }[];
}

export const sameAllergyTwiceCheck: BuiltInCheck = {
  name: 'same-allergy-twice',
  label: 'Same allergy',
  command: 'allergy',
  summary:
    'Asks for a reason where the same allergy is on the list already. Change that one, or remove it first. Where both say since when and differ, it goes on and says so.',
  run: findSame,
};

async function findSame(asked: CheckedCommit): Promise<Finding | undefined> {
  const substance = asked.fields.allergy as Substance | undefined;
  if (!substance) return undefined;
  const mine = keysOf(substance.coding?.length ? substance : (allergenOfKey(substance.value) ?? substance));
  const onset = asked.fields.approximateDate as string | undefined;
  let other: Finding | undefined;
  for (const allergy of await recordsOf(asked.draft, 'AllergyIntolerance', asked.patient)) {
    if (!stands(allergy)) continue;
    const theirs = keysOf(allergy.code ?? {});
    if (!mine.some((key) => theirs.includes(key))) continue;
    // Both have an onset, and they differ: it may be a correction or another episode. Shown without blocking.
    const differs =
      onset !== undefined && allergy.onsetDateTime !== undefined && allergy.onsetDateTime.slice(0, 10) !== onset;
    const since = (allergy.onsetDateTime ?? allergy.recordedDate)?.slice(0, 10);
    const name = mayRead(asked, 'AllergyIntolerance')
      ? `${nameOf(allergy)}${since ? `, since ${since}` : ''}`
      : 'this allergy';
    if (differs) {
      const message = `The list had it already, with another “Since”: ${name}. Both are on it now: remove the wrong one.`;
      other ??= { outcome: 'unknown', message, field: 'allergy' };
      continue;
    }
    const next = noneKnownOf(allergy) ? '' : ' Remove that one first if this replaces it.';
    return { outcome: 'confirm', message: `The list has it already: ${name}.${next}`, field: 'allergy' };
  }
  return other;
}

/** Its substance: known substances, or else its codes and words. */
function keysOf(concept: {
  readonly key?: string;
  readonly coding?: Substance['coding'] | { readonly system: string; readonly code: string };
  readonly text?: string;
}): readonly string[] {
  if (concept.key !== undefined) return [concept.key];
  const coding = Array.isArray(concept.coding) ? concept.coding : [];
  const known = allergensOf({ coding, ...(concept.text !== undefined && { text: concept.text }) });
  if (known.length > 0) return known.map(({ key }) => key);
  const codes = coding.flatMap(({ system, code }) => (code ? [`${system}|${code}`] : []));
  return codes.length > 0 ? codes : [concept.text?.trim().toLowerCase() ?? ''];
}
