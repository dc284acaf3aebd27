// What drugs cost: made up. Put your own list here, or fetch it by `this.http` into the chart beforehand; a search has no
// time to wait for another system.

import type { Coding } from 'chartwire/sdk';

const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';

/** RxNorm codes to dollars for thirty days. */
const PRICES: ReadonlyMap<string, number> = new Map([
  ['314076', 4], // lisinopril 10 mg
  ['314077', 4.5], // lisinopril 20 mg
  ['197884', 6.25], // lisinopril 40 mg
  ['617312', 9], // atorvastatin 10 mg
  ['617310', 11.4], // atorvastatin 20 mg
  ['861007', 4], // metformin 500 mg
  ['197361', 5.75], // amlodipine 5 mg
]);

/** `$4.50 for 30 days`; undefined for what is not on the list. */
export function priceOf(coding: readonly Coding[]): string | undefined {
  for (const { system, code } of coding) {
    const dollars = system === RXNORM && code ? PRICES.get(code) : undefined;
    if (dollars !== undefined) return `$${dollars.toFixed(2)} for 30 days`;
  }
  return undefined;
}
