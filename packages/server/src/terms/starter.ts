// The small tables of common codes that come with Chartwire: there from the first start, and what makes a code common
// in a full edition too.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { replaceEdition } from './editions.ts';
import { table } from './formats/table.ts';
import type { LoadedTerms } from './loaded.ts';
import { type OwnSystem, ownTable } from './own-systems.ts';
import { CODE_SYSTEMS, type CodeSystem } from './systems.ts';
import type { Term } from './term.ts';

const FOLDER = new URL('./starter/', import.meta.url);
const STARTERS: readonly string[] = ['icd10cm', 'rxnorm', 'loinc', 'cvx', 'hcpcs', 'allergens', 'reactions'];
/** Those that are made from `substances/`. */
const OWN: readonly string[] = ['allergens', 'reactions'] satisfies OwnSystem[];

/** For a common code: its rank, and search synonyms. */
export type CommonTerms = ReadonlyMap<string, Pick<Term, 'common' | 'also'>>;

/**
 * Loads the starter tables of the code systems that have no edition here, and those that another version of Chartwire
 * brought. An edition that the site imported stays. Quick when there is nothing to do.
 */
export async function ensureStarter(terms: LoadedTerms): Promise<void> {
  const { rows } = await terms.pool.query<{ system: string; origin: string; digest: string | null }>(
    'SELECT system, origin, digest FROM term_edition WHERE current',
  );
  for (const system of CODE_SYSTEMS) {
    if (!STARTERS.includes(system.name)) continue;
    const text = await starterText(system);
    const digest = createHash('sha256').update(text).digest('hex');
    const here = rows.find((row) => row.system === system.uri);
    if (here && (here.origin === 'import' || here.digest === digest)) continue;
    await replaceEdition(
      terms,
      { system: system.uri, edition: 'starter', origin: 'starter', digest },
      async (sink) => void (await sink(termsOf(system, text))),
    ).catch(otherNodeDoes);
  }
}

/** Whoever loads or imports it at this moment does not need our table. */
function otherNodeDoes(error: unknown): void {
  if (!(error instanceof Refusal) || error.code !== 'terms.busy') throw error;
}

/** The starter table's data on a code system; empty if it has none. */
export async function commonTerms(system: CodeSystem): Promise<CommonTerms> {
  if (!STARTERS.includes(system.name)) return new Map();
  const terms = termsOf(system, await starterText(system));
  return new Map(terms.map(({ code, common, also }) => [code, { common, also }]));
}

function starterText({ name }: CodeSystem): Promise<string> {
  if (OWN.includes(name)) return ownText(name as OwnSystem);
  return readFile(new URL(`${name}.tsv`, FOLDER), 'utf8');
}

/** Ingredients can also be searched by the brands of their drugs. */
async function ownText(name: OwnSystem): Promise<string> {
  const rxnorm = CODE_SYSTEMS.find((system) => system.name === 'rxnorm')!;
  return ownTable(name, termsOf(rxnorm, await starterText(rxnorm)));
}

function termsOf(system: CodeSystem, text: string): Term[] {
  const reader = table.reader(system);
  const terms: Term[] = [];
  for (const [place, line] of text.split('\n').entries()) {
    for (const read of reader.line(line, place + 1)) {
      if ('fault' in read) throw new Error(`starter/${system.name}.tsv, line ${read.line}: ${read.fault}`);
      terms.push({ ...read.term, common: terms.length + 1 });
    }
  }
  return terms;
}
