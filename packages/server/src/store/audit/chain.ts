// Verifies the chains of the audit trail, row by row in the order written, as a stream.

import { createHash } from 'node:crypto';
import type { ChainedRow, ChainHead } from './row.ts';

export interface TrailFault {
  readonly kind: 'changed' | 'missing' | 'misplaced' | 'removed' | 'replaced';
  readonly chain: number;
  readonly seq: number;
  /** Id of the row; null if there is none. */
  readonly id: string | null;
  /** One sentence. */
  readonly message: string;
}

/** SHA-256 over the hash before and the row as a JSON array, spaced as PostgreSQL writes it; hex. */
export function hashOf(before: string, row: ChainedRow): string {
  const { id, chain, seq, at, actor, action, type, record, version, patient, records, query, status, address } = row;
  const fields = [Number(id), chain, seq, at, actor, action, type, record, version, patient, records, query, status];
  const text = [...fields, address, row.request, row.why].map((field) => JSON.stringify(field)).join(', ');
  return createHash('sha256').update(Buffer.from(before, 'hex')).update(`[${text}]`).digest('hex');
}

/** A hash expected at a position. */
interface Mark {
  readonly chain: number;
  readonly seq: number;
  readonly hash: string;
  readonly what: string;
}

/** Maximum number of faults to keep; the first ones matter most. */
const MOST_FAULTS = 100;

/**
 * Takes the rows in order of their ids. `heads`: the chains before the walk. `kept`: heads that were stored earlier, outside the
 * database.
 */
export class TrailWalk {
  readonly #heads: readonly ChainHead[];
  /** Current position in each chain. */
  readonly #links: Map<number, { seq: number; hash: string }>;
  readonly #marks: Map<string, Mark[]>;
  readonly #faults: TrailFault[] = [];
  /** The start of each chain, by the newest row about a removal. */
  #begins: readonly { chain: number; first: number; base: string }[] = [];
  #rows = 0;

  constructor(heads: readonly ChainHead[], kept: readonly ChainHead[] = []) {
    this.#heads = heads;
    this.#links = new Map(heads.map(({ chain, first, base }) => [chain, { seq: first - 1, hash: base }]));
    this.#marks = Map.groupBy(
      [...heads.map((one) => markOf(one, 'recorded as its newest')), ...kept.map((one) => markOf(one, 'you kept'))],
      placeOf,
    );
    for (const [chain, { seq, hash }] of this.#links) this.#compare(chain, seq, hash, null);
  }

  /** How many rows there were so far. */
  get rows(): number {
    return this.#rows;
  }

  take(row: ChainedRow): void {
    this.#rows++;
    const { chain, seq, id } = row;
    const link = this.#links.get(chain);
    if (!link || seq <= link.seq) {
      const after = link ? `after number ${link.seq}` : 'and there is no such chain';
      this.#fault('misplaced', chain, seq, id, `Row ${id} says it is number ${seq} of chain ${chain}, ${after}.`);
      return;
    }
    if (seq > link.seq + 1) this.#missing(chain, link.seq + 1, seq - 1);
    else if (hashOf(link.hash, row) !== row.hash) {
      const message = `Row ${id} (number ${seq} of chain ${chain}, ${row.at}) was changed after it was written.`;
      this.#fault('changed', chain, seq, id, message);
    }
    this.#links.set(chain, { seq, hash: row.hash });
    this.#compare(chain, seq, row.hash, id);
    if (row.action === 'audit.prune') this.#begins = row.why?.begins ?? [];
  }

  /** After the last row: reports missing rows, and removals not covered by a rule. The first fault comes first. */
  end(): readonly TrailFault[] {
    for (const { chain, seq, first, base } of this.#heads) {
      const last = this.#links.get(chain)!.seq;
      if (last < seq) this.#missing(chain, last + 1, seq);
      const told = this.#begins.find((one) => one.chain === chain);
      if (first === 1 || (told?.first === first && told.base === base)) continue;
      const message = `Chain ${chain} begins with number ${first}, and no row says which rule removed those before it.`;
      this.#fault('removed', chain, first - 1, null, message);
    }
    for (const { chain, seq, what } of [...this.#marks.values()].flat()) {
      const head = this.#heads.find((one) => one.chain === chain)?.seq ?? 0;
      if (seq <= head) continue;
      const message = `Row number ${seq} of chain ${chain}, whose hash ${what}, is missing: the end of the chain was cut off.`;
      this.#fault('missing', chain, seq, null, message);
    }
    return this.#faults;
  }

  #compare(chain: number, seq: number, hash: string, id: string | null): void {
    const place = placeOf({ chain, seq });
    const marks = this.#marks.get(place);
    if (!marks) return;
    this.#marks.delete(place);
    const broken = marks.find((mark) => mark.hash !== hash);
    if (!broken) return;
    const message = `Row number ${seq} of chain ${chain} has another hash than the one ${broken.what}: the chain was rewritten.`;
    this.#fault('replaced', chain, seq, id, message);
  }

  #missing(chain: number, from: number, through: number): void {
    const which = from === through ? `Row number ${from}` : `Rows number ${from} to ${through}`;
    this.#fault('missing', chain, from, null, `${which} of chain ${chain} ${from === through ? 'is' : 'are'} missing.`);
  }

  #fault(kind: TrailFault['kind'], chain: number, seq: number, id: string | null, message: string): void {
    if (this.#faults.length < MOST_FAULTS) this.#faults.push({ kind, chain, seq, id, message });
  }
}

function markOf({ chain, seq, head }: ChainHead, what: string): Mark {
  return { chain, seq, hash: head, what };
}

function placeOf({ chain, seq }: { readonly chain: number; readonly seq: number }): string {
  return `${chain} ${seq}`;
}
