// /api/terms: the loaded code systems; search them, and import an edition.

import { type Static, Type } from 'typebox';
import { limit, orNull, pageOf, Time } from './parameters.ts';
import { row } from './row.ts';

/** Largest upload, in bytes. RXNCONSO.RRF and Loinc.csv are below 150 MB. */
const FILE_LIMIT = 400 * 1024 * 1024;

/**
 * Properties of a term. ICD-10-CM: `category` is a heading, which can't be billed. RxNorm: `brand`, `pack`, and `ingredient`
 * (what drugs consist of, not prescribed by itself). LOINC: `order`, `result`, `panel`, `imaging`, `laboratory`. `inactive` terms
 * appear in existing records and aren't offered for new entries.
 */
export const TERM_FLAGS = [
  'category',
  'inactive',
  'brand',
  'pack',
  'ingredient',
  'order',
  'result',
  'panel',
  'imaging',
  'laboratory',
] as const;

/** Formats of term files. */
export const TERM_FORMATS = ['icd10cm-order', 'rxnorm-rrf', 'loinc-csv', 'cvx-pipe', 'hcpcs-fixed', 'table'] as const;

const System = Type.String({
  minLength: 1,
  maxLength: 255,
  description: 'icd10cm, rxnorm, loinc, cvx, hcpcs, snomed, allergens or reactions, or the URI of a code system.',
});

const Flag = Type.Enum([...TERM_FLAGS]);

const Flags = Type.Optional(
  Type.String({
    pattern: `^(${TERM_FLAGS.join('|')})(,(${TERM_FLAGS.join('|')}))*$`,
    description: `Of ${TERM_FLAGS.join(', ')}; several with commas between.`,
  }),
);

const Edition = Type.Object({
  system: Type.String({ description: 'Its URI.' }),
  name: orNull(Type.String()),
  label: Type.String(),
  edition: Type.String(),
  origin: Type.Enum(['starter', 'import'], { description: 'starter: the small table that comes with Chartwire.' }),
  rows: Type.Integer({ description: 'How many terms it has.' }),
  importedAt: Time,
});

const Term = Type.Object({
  system: Type.String(),
  code: Type.String(),
  display: Type.String(),
  flags: Type.Array(Flag),
  fits: Type.Boolean({
    description: 'It has every word typed, in its own words or a synonym, or is the code typed: it is not a guess.',
  }),
});

export type TermShape = Static<typeof Term>;

const Report = Type.Object({
  system: Type.String(),
  edition: Type.String(),
  format: Type.String(),
  rows: Type.Integer({ description: 'Terms of the edition.' }),
  skipped: Type.Integer({ description: 'Lines that are no terms and should be.' }),
  faults: Type.Array(Type.Object({ line: Type.Integer(), reason: Type.String() }), {
    description: 'The first of them.',
  }),
});

export const TERMS = {
  list: row({
    method: 'GET',
    path: '/api/terms',
    operation: 'terms.list',
    summary: 'The code systems that are here, with their editions',
    needs: 'token',
    audited: false,
    answer: { status: 200, description: 'All of them, by URI.', schema: pageOf(Edition) },
  }),
  search: row({
    method: 'GET',
    path: '/api/terms/search',
    operation: 'terms.search',
    summary: 'What a query may mean in a code system, the likeliest first; without a query what is used most',
    needs: 'token',
    audited: false,
    query: Type.Object(
      {
        system: System,
        query: Type.Optional(Type.String({ maxLength: 200, default: '' })),
        has: Flags,
        lacks: Flags,
        limit: limit(20, 100),
      },
      { additionalProperties: false },
    ),
    answer: { status: 200, description: 'The terms.', schema: pageOf(Term) },
  }),
  import: row({
    method: 'PUT',
    path: '/api/terms',
    operation: 'terms.import',
    summary: 'Replaces the edition of a code system by the one in the file; nobody sees half of it',
    needs: 'admin',
    query: Type.Object(
      {
        system: System,
        edition: Type.Optional(
          Type.String({ minLength: 1, maxLength: 100, description: 'How it is called; the day unless given.' }),
        ),
        format: Type.Optional(
          Type.Enum([...TERM_FORMATS], { description: 'Detected from the first line if not given.' }),
        ),
        compression: Type.Optional(
          Type.Enum(['br'], { description: 'How the file is packed. Gzip is seen by itself.' }),
        ),
      },
      { additionalProperties: false },
    ),
    upload: {
      types: ['application/octet-stream', 'application/gzip', 'text/plain', 'text/csv', 'text/tab-separated-values'],
      limit: FILE_LIMIT,
      stream: true,
    },
    answer: { status: 200, description: 'What came in and what did not.', schema: Report },
  }),
};
