// The editions that this process has in memory, and the site's use counts. What others changed is seen after FRESH_MS;
// what this process did, at once.

import type { Pool } from 'pg';
import { IndexBuilder } from './index-builder.ts';
import type { Term } from './term.ts';
import type { TermIndex } from './term-index.ts';

/** Milliseconds for which what was read of the database is taken to be so. */
const FRESH_MS = 5_000;

/** Terms in one reading of the database; the process does other things between two. */
const CHUNK = 1_000;

/** The most used codes of a site that take part in ranking. */
const MOST_USED = 2_000;

export interface Loaded {
  readonly index: TermIndex;
  /** How often the site picked the term of a row. */
  uses(): Promise<ReadonlyMap<number, number>>;
}

interface Entry {
  edition: number | undefined;
  index: TermIndex | undefined;
  uses: Promise<Map<number, number>> | undefined;
  /** `performance.now()`; undefined when it must be asked again. */
  checkedAt: number | undefined;
  checking: Promise<void> | undefined;
}

/** What a database holds, as this process knows it: made once for each. */
export class LoadedTerms {
  readonly pool: Pool;
  readonly #entries = new Map<string, Entry>();

  constructor(pool: Pool) {
    this.pool = pool;
  }

  /** The current edition of a code system, read when it is not in memory; undefined when there is none. */
  async get(system: string): Promise<Loaded | undefined> {
    let entry = this.#entries.get(system);
    if (!entry) {
      entry = { edition: undefined, index: undefined, uses: undefined, checkedAt: undefined, checking: undefined };
      this.#entries.set(system, entry);
    }
    const known = entry;
    if (known.checkedAt === undefined || performance.now() - known.checkedAt > FRESH_MS) {
      known.checking ??= this.#check(system, known).finally(() => {
        known.checking = undefined;
      });
      await known.checking;
    }
    const { index } = known;
    return index && { index, uses: () => this.#uses(system, known, index) };
  }

  /** The edition was replaced here: the next search asks the database. */
  forget(system: string): void {
    this.#entries.delete(system);
  }

  /** A code was picked here. */
  used(system: string, code: string): void {
    const entry = this.#entries.get(system);
    const row = entry?.index?.rowOf(code);
    if (!entry || row === undefined) return;
    void entry.uses?.then((counts) => counts.set(row, (counts.get(row) ?? 0) + 1)).catch(() => {});
  }

  async #check(system: string, entry: Entry): Promise<void> {
    for (;;) {
      const current = await currentEdition(this.pool, system);
      if (current?.id !== entry.edition) {
        const index = current && (await readIndex(this.pool, system, current));
        // Replaced and removed while it was read: what was read is of an edition that is no more.
        if (current && !index) {
          if ((await currentEdition(this.pool, system))?.id !== current.id) continue;
          throw new Error(`the edition ${current.id} of ${system} does not have the ${current.rows} terms it should`);
        }
        entry.index = index;
        entry.edition = current?.id;
      }
      entry.uses = undefined;
      entry.checkedAt = performance.now();
      return;
    }
  }

  #uses(system: string, entry: Entry, index: TermIndex): Promise<Map<number, number>> {
    if (entry.uses) return entry.uses;
    const read = readUses(this.pool, system, index);
    entry.uses = read;
    read.catch(() => {
      if (entry.uses === read) entry.uses = undefined;
    });
    return read;
  }
}

interface CurrentEdition {
  readonly id: number;
  readonly rows: number;
}

async function currentEdition(pool: Pool, system: string): Promise<CurrentEdition | undefined> {
  const { rows } = await pool.query<CurrentEdition>({
    name: 'terms-current',
    text: 'SELECT id, rows FROM term_edition WHERE system = $1 AND current',
    values: [system],
  });
  return rows[0];
}

type Row = [code: string, display: string, flags: Term['flags'], also: string | null, common: number | null];

/** Undefined when some of it was no longer there. */
async function readIndex(pool: Pool, system: string, edition: CurrentEdition): Promise<TermIndex | undefined> {
  const builder = new IndexBuilder(system);
  let read = 0;
  for (let after = ''; ; ) {
    const { rows } = await pool.query<Row>({
      name: 'terms-read',
      text: `SELECT code, display, flags, also, common FROM term
        WHERE edition = $1 AND code > $2 ORDER BY code LIMIT $3`,
      values: [edition.id, after, CHUNK],
      rowMode: 'array',
    });
    for (const [code, display, flags, also, common] of rows) {
      builder.add({ code, display, flags, ...(also !== null && { also }), ...(common !== null && { common }) });
    }
    read += rows.length;
    if (rows.length < CHUNK) break;
    after = rows.at(-1)![0];
  }
  return read === edition.rows ? await builder.build() : undefined;
}

async function readUses(pool: Pool, system: string, index: TermIndex): Promise<Map<number, number>> {
  const { rows } = await pool.query<[string, number]>({
    name: 'terms-uses',
    text: 'SELECT code, uses FROM term_use WHERE system = $1 ORDER BY uses DESC, code LIMIT $2',
    values: [system, MOST_USED],
    rowMode: 'array',
  });
  const counts = rows.map(([code, uses]) => [index.rowOf(code), uses] as const);
  return new Map(counts.filter((count): count is [number, number] => count[0] !== undefined));
}
