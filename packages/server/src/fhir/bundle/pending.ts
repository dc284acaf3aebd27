// What a transaction is about to make of records, and which of it criteria match: a search finds committed records only.

import type { Resource, ResourceType } from '@medplum/fhirtypes';
import { Matchable, parseQuery } from '#r4/match.ts';
import type { Criterion } from '#r4/search-criterion.ts';
import { validate } from '#r4/validate.ts';

export type Made = Resource & { readonly id: string };

interface Candidate {
  readonly made: Made;
  readonly content: Matchable;
}

/** The records of one type, indexed by search tokens, since thousands may be queried thousands of times. */
interface Shelf {
  readonly all: Candidate[];
  readonly byToken: Map<string, Candidate[]>;
  /** Lazy: it is rarely needed. */
  readonly unread: Made[];
}

export class Pending {
  readonly #ids = new Set<string>();
  readonly #shelves = new Map<ResourceType, Shelf>();

  /** Notes the new state of a record, from the body of the entry that writes it. */
  add(made: Made): void {
    this.#ids.add(`${made.resourceType}/${made.id}`);
    const shelf: Shelf = this.#shelves.get(made.resourceType) ?? { all: [], byToken: new Map(), unread: [] };
    this.#shelves.set(made.resourceType, shelf);
    shelf.unread.push(made);
  }

  holds(type: ResourceType, id: string): boolean {
    return this.#ids.has(`${type}/${id}`);
  }

  /** Those of a type that meet all criteria of a query string. None for criteria that ask about other records. */
  matching(type: ResourceType, query: string): Made[] {
    const shelf = this.#shelves.get(type);
    if (!shelf) return [];
    read(shelf);
    const criteria = parseQuery(type, query);
    if (criteria.some(({ kind }) => kind === 'chain' || kind === 'has')) return [];
    return candidatesFor(shelf, criteria).flatMap(({ made, content }) => (content.meets(criteria) ? [made] : []));
  }
}

/** What is invalid has no search values; its transaction is refused for it. */
function read({ all, byToken, unread }: Shelf): void {
  for (const made of unread.splice(0)) {
    if (validate(made, { conditionalReferences: true }).length > 0) continue;
    const candidate = { made, content: new Matchable(made) };
    all.push(candidate);
    for (const token of candidate.content.tokens) {
      const known = byToken.get(token) ?? [];
      byToken.set(token, known);
      known.push(candidate);
    }
  }
}

function candidatesFor({ all, byToken }: Shelf, criteria: readonly Criterion[]): readonly Candidate[] {
  for (const one of criteria) {
    if (one.kind !== 'token' || one.not || one.test.prefixes.length > 0) continue;
    return [...new Set(one.test.exact.flatMap((token) => byToken.get(token) ?? []))];
  }
  return all;
}
