// /api/terms: the code systems that are here, searching them, and importing an edition.

import { type Static, Type } from 'typebox';
import { currentEditions } from '#terms/editions.ts';
import { FORMATS } from '#terms/formats/index.ts';
import { importTerms } from '#terms/import.ts';
import { searchTerms } from '#terms/search.ts';
import { TERM_FLAGS } from '#terms/term.ts';
import { type Route, route } from '../route.ts';
import { limit, orNull, pageOf, Time } from './parameters.ts';

/** Largest file, in bytes, as it is sent: RXNCONSO.RRF and Loinc.csv are below 150 MB. */
const FILE_LIMIT = 400 * 1024 * 1024;

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

export const TERM_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/terms',
    operation: 'terms.list',
    summary: 'The code systems that are here, with their editions',
    needs: 'token',
    audited: false,
    answer: { status: 200, description: 'All of them, by URI.', schema: pageOf(Edition) },
    handle: async (_call, { pool }) => ({ items: await currentEditions(pool), next: null }),
  }),
  route({
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
    handle: async ({ query: { system, query = '', has, lacks, limit: most } }, { pool }) => {
      const filter = { has: flagsOf(has), lacks: flagsOf(lacks) };
      return { items: await searchTerms(pool, { system, query, filter, limit: most }), next: null };
    },
  }),
  route({
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
          Type.Enum(
            FORMATS.map(({ name }) => name),
            { description: 'Told by the first line unless given.' },
          ),
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
    handle: ({ query, body }, { pool }) => importTerms(pool, { ...query, file: body as AsyncIterable<Buffer> }),
  }),
];

function flagsOf(text: string | undefined): (typeof TERM_FLAGS)[number][] {
  return TERM_FLAGS.filter((flag) => text?.split(',').includes(flag));
}
