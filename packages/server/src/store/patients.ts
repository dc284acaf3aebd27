// Patient search: the best matches for all criteria, recently changed patients, and the words of patients' names.

import type { Pool } from 'pg';
import { databaseTimeOf } from './representable.ts';
import { Values } from './search/statement.ts';
import type { Reader } from './snapshot.ts';

/** One of several alternatives for a criterion: a range of words, or of birth dates. */
export type PatientWay =
  | { readonly in: 'words'; readonly param: string; readonly from: string; readonly to: string; readonly score: number }
  | { readonly in: 'birth'; readonly from: string; readonly to: string; readonly score: number };

/** Hits to sort by name; any beyond are no better. */
const RANKED = 200;
/** Maximum hits of one alternative; more aren't worth distinguishing. */
const MOST = 20_000;

/** Ids of patients who match all of `asked`, best first, then by name. For merged charts, the surviving one. */
export async function findPatients(
  reader: Reader,
  asked: readonly (readonly PatientWay[])[],
  options: { limit: number; within: string | null },
): Promise<string[]> {
  const values = new Values();
  // Each alternative is an index scan with a range visible to the planner; joined to a list of ranges, it would guess.
  const hits = asked.flatMap((ways, place) => ways.map((way) => hitsOf(way, place, values)));
  const { rows } = await reader.query<{ id: string }>(
    `WITH best AS (
        SELECT id, sum(score) AS score FROM (
          SELECT coalesce(m.target, hit.id) AS id, place, max(score) AS score FROM (${hits.join(' UNION ALL ')}) AS hit
            LEFT JOIN patient_merge m ON m.source = hit.id GROUP BY 1, place
        ) AS fit WHERE NOT EXISTS (SELECT FROM patient_merge m WHERE m.source = fit.id)
          ${options.within === null ? '' : `AND id = ${values.add(options.within)}`}
        GROUP BY id HAVING count(*) = ${asked.length} ORDER BY score DESC, id LIMIT ${RANKED}
      )
      SELECT b.id FROM best b LEFT JOIN LATERAL (
          SELECT min(n.value) FILTER (WHERE n.param = 'family') AS family, min(n.value) FILTER (WHERE n.param = 'given') AS given
          FROM search_string n WHERE n.type = 'Patient' AND n.id = b.id
        ) AS name ON true
        ORDER BY b.score DESC, name.family NULLS LAST, name.given NULLS LAST, b.id LIMIT ${options.limit}`,
    values.all,
  );
  return rows.map(({ id }) => id);
}

function hitsOf(way: PatientWay, place: number, values: Values): string {
  const hit = `SELECT s.id, ${place} AS place, ${way.score} AS score FROM`;
  const [from, to] = [way.from, way.to].map((end) => values.add(way.in === 'words' ? end : databaseTimeOf(end)));
  return way.in === 'words'
    ? `(${hit} search_string s WHERE s.type = 'Patient' AND s.param = ${values.add(way.param)} AND s.value >= ${from} AND s.value < ${to} LIMIT ${MOST})`
    : `(${hit} search_date s WHERE s.type = 'Patient' AND s.param = 'birthdate' AND s.low >= ${from} AND s.low < ${to} LIMIT ${MOST})`;
}

/** Types that are written when a patient is seen. */
const TRACES = ['Patient', 'Encounter', 'Appointment', 'Note', 'Command'];
/** Number of latest records of each type to look through. */
const LOOKED = 200;

/** Ids of patients with the most recent changes, latest first. */
export async function recentPatients(pool: Pool, limit: number, within: string | null): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'recent_patients',
    text: `SELECT t.patient AS id FROM unnest($1::text[]) AS w(type) CROSS JOIN LATERAL (
        SELECT r.patient, r.updated_at FROM record r WHERE r.type = w.type ORDER BY r.updated_at DESC, r.id DESC LIMIT ${LOOKED}
      ) t JOIN record p ON p.type = 'Patient' AND p.id = t.patient AND NOT p.deleted
      WHERE ($3::text IS NULL OR t.patient = $3) AND NOT EXISTS (SELECT FROM patient_merge m WHERE m.source = t.patient)
      GROUP BY t.patient ORDER BY max(t.updated_at) DESC, t.patient LIMIT $2`,
    values: [TRACES, limit, within],
  });
  return rows.map(({ id }) => id);
}

/** Start of the last visit of each of these patients: ISO 8601. */
export async function lastVisits(pool: Pool, patients: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (patients.length === 0) return new Map();
  const { rows } = await pool.query<{ patient: string; at: Date }>({
    name: 'last_visits',
    text: `SELECT r.patient, max(d.low) AS at FROM record r
        JOIN search_date d ON d.type = 'Encounter' AND d.id = r.id AND d.param = 'date'
      WHERE r.type = 'Encounter' AND r.patient = ANY($1) AND NOT r.deleted
        AND NOT r.tokens && '{status=|planned,status=|cancelled,status=|entered-in-error}'
        AND d.low > '-infinity' AND d.low <= now()
      GROUP BY r.patient`,
    values: [patients],
  });
  return new Map(rows.map(({ patient, at }) => [patient, at.toISOString()]));
}

/** A word, and how many patients have it. */
export interface Borne {
  readonly word: string;
  readonly terms: number;
}

/** Milliseconds that a transaction may take from its writes to its commit, so that its words appear late. */
const LATE_MS = 60_000;

/** The words of patients' names, in memory, for finding misspelled ones. Excludes numbers. */
export class PatientWords {
  readonly #pool: Pool;
  readonly #param: string;
  readonly #known = new Map<string, Borne & { readonly letters: number }>();
  #since: Date | undefined;
  #reading: Promise<void> | undefined;

  constructor(pool: Pool, param: string) {
    this.#pool = pool;
    this.#param = param;
  }

  /** Reads all words the first time, and later those of changed patients. */
  async refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  /** Words that contain all but `wrong` letters of `typed`: a superset of what a misspelling may mean. */
  sharing(typed: string, wrong: number): Borne[] {
    const letters = lettersOf(typed);
    return [...this.#known.values()].filter((word) => bits(letters & ~word.letters) <= wrong);
  }

  async #read(): Promise<void> {
    const { rows } = await this.#pool.query<Borne & { now: Date }>({
      name: this.#since ? 'patient_words_since' : 'patient_words',
      text: `SELECT s.value AS word, count(*)::integer AS terms, now() AS now FROM search_string s
        ${this.#since ? 'JOIN record r ON r.type = s.type AND r.id = s.id AND r.updated_at > $2' : ''}
        WHERE s.type = 'Patient' AND s.param = $1 AND s.value !~ '[0-9]' GROUP BY s.value`,
      values: this.#since ? [this.#param, this.#since] : [this.#param],
    });
    for (const { word, terms } of rows) {
      const before = this.#known.get(word)?.terms ?? 0;
      this.#known.set(word, { word, terms: Math.max(terms, before), letters: lettersOf(word) });
    }
    if (rows[0]) this.#since = new Date(rows[0].now.getTime() - LATE_MS);
  }
}

/** A set of letters as bits. Letters beyond ASCII share bits, so that none is missed. */
function lettersOf(word: string): number {
  let letters = 0;
  for (let i = 0; i < word.length; i++) letters |= 1 << (word.charCodeAt(i) & 31);
  return letters;
}

function bits(set: number): number {
  let count = 0;
  for (let left = set; left !== 0; left &= left - 1) count++;
  return count;
}
