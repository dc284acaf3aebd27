// Puts the drugs that a practice prefers on top of a search, with a chip beside each.

import { annotate, BaseProtocol, EventType, promote, type SearchResult } from 'chartwire/sdk';

const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';

export class PreferredDrug extends BaseProtocol.on(
  EventType.MEDICATION_STATEMENT__MEDICATION__POST_SEARCH,
  EventType.PRESCRIBE__PRESCRIBE__POST_SEARCH,
) {
  declare readonly variables: { readonly PREFERRED?: string; readonly CHIP?: string };

  compute() {
    const { PREFERRED = '', CHIP = 'preferred' } = this.variables;
    const { results } = this.event.context;
    const preferred = PREFERRED.split(/\s+/).flatMap((code) => results.filter((result) => isCoded(result, code)));
    if (preferred.length === 0) return [];
    return [promote(...preferred.map(({ value }) => value)), ...preferred.map(({ value }) => annotate(value, CHIP))];
  }
}

function isCoded({ coding = [] }: SearchResult, drug: string): boolean {
  return coding.some(({ system, code }) => system === RXNORM && code === drug);
}
