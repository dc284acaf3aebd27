// _include and _revinclude: records that matches refer to, and records that refer to them.

import type { Resource } from '@medplum/fhirtypes';
import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import { refuse } from '#r4/search-criterion.ts';
import { branchesOf } from '#r4/search-index.ts';
import type { SearchParameter } from '#r4/search-parameters.ts';
import { withoutVersion } from '#r4/search-values.ts';
import type { SearchReach } from '../contract.ts';
import { whoseOf } from './condition.ts';
import type { Include } from './request.ts';
import { COLUMNS, type Row, VERSION } from './select.ts';
import { type Database, type Statement, Values } from './statement.ts';

/** Maximum rounds of `:iterate`. */
const MAX_ROUNDS = 5;
/** More than a page of matches should bring. */
const MAX_INCLUDED = 5000;

/** The records included with `matches`, each once and none of them a match. */
export async function includedWith(
  db: Database,
  matches: readonly Row[],
  includes: readonly Include[],
  reach: SearchReach,
): Promise<Row[]> {
  if (includes.length === 0) return [];
  const seen = new Set(matches.map(referenceTo));
  const found: Row[] = [];
  let from = matches.map(recordOf);
  let asked = includes;
  for (let round = 0; round < MAX_ROUNDS && from.length > 0 && asked.length > 0; round++) {
    const fresh: Row[] = [];
    for (const statement of statements(from, asked, seen, reach)) {
      const { rows } = await db.query(statement.text, [...statement.values]);
      for (const row of rows as Row[]) {
        if (seen.has(referenceTo(row))) continue;
        seen.add(referenceTo(row));
        fresh.push(row);
      }
    }
    found.push(...fresh);
    if (found.length > MAX_INCLUDED)
      refuse('_include', `more than ${MAX_INCLUDED} records would be included; ask for fewer matches`);
    asked = includes.filter(({ iterate }) => iterate);
    from = asked.length > 0 ? fresh.map(recordOf) : [];
  }
  return found;
}

function statements(
  from: readonly Resource[],
  includes: readonly Include[],
  seen: ReadonlySet<string>,
  reach: SearchReach,
): Statement[] {
  const wanted = new Set(
    includes
      .filter(({ reverse }) => !reverse)
      .flatMap((include) => from.flatMap((record) => referredTo(record, include))),
  );
  const forward = [...wanted].filter((reference) => !seen.has(reference));
  const backward = includes
    .filter(({ reverse }) => reverse)
    .flatMap((include) => referring(from, include, reach) ?? []);
  return [...namedBy(forward, reach), ...backward];
}

function referenceTo({ type, id }: Pick<Row, 'type' | 'id'>): string {
  return `${type}/${id}`;
}

function recordOf({ content }: Row): Resource {
  return parseJson(content) as Resource;
}

const LITERAL = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/;

function referredTo(record: Resource, { type, parameters, target }: Include): string[] {
  if (record.resourceType !== type) return [];
  return parameters
    .flatMap((parameter) => literals(record, parameter))
    .filter((reference) => target === undefined || reference.startsWith(`${target}/`));
}

function literals(record: Resource, parameter: SearchParameter): string[] {
  const scope = { resource: record, root: record };
  return branchesOf(record.resourceType, parameter)
    .filter(({ type }) => type === 'Reference')
    .flatMap(({ values }) => values(record, scope))
    .flatMap((value) => {
      const { reference } = value as { reference?: unknown };
      const literal = typeof reference === 'string' ? withoutVersion(reference) : '';
      return LITERAL.test(literal) ? [literal] : [];
    });
}

/** Types with the same reach are read at once. */
function namedBy(references: readonly string[], reach: SearchReach): Statement[] {
  const typeOf = (reference: string): string => reference.slice(0, reference.indexOf('/'));
  const byWhose = Map.groupBy(references, (one) => whoseOf(typeOf(one), 'included', reach));
  return [...byWhose].flatMap(([whose, some]) => (whose === null ? [] : named(some, whose)));
}

function named(references: readonly string[], whose: string | undefined): Statement {
  const values = new Values();
  const types = values.add(references.map((reference) => reference.slice(0, reference.indexOf('/'))));
  const ids = values.add(references.map((reference) => reference.slice(reference.indexOf('/') + 1)));
  const text = `SELECT ${COLUMNS} FROM unnest(${types}::text[], ${ids}::text[]) AS wanted(type, id)
    JOIN record r ON r.type = wanted.type AND r.id = wanted.id ${VERSION}
    WHERE NOT r.deleted${of(whose, values)} LIMIT ${values.add(MAX_INCLUDED + 1)}`;
  return { text, values: values.all };
}

/** The records of a type that refer to one of `to`. */
function referring(
  to: readonly Resource[],
  { type, parameters, target }: Include,
  reach: SearchReach,
): Statement | undefined {
  const whose = whoseOf(type, 'included', reach);
  if (whose === null) return undefined;
  const tokens = to
    .filter(({ resourceType }) => target === undefined || resourceType === target)
    .flatMap((record) => parameters.map(({ code }) => `${code}=${record.resourceType}/${record.id}`));
  if (tokens.length === 0) return undefined;
  const values = new Values();
  const text = `SELECT ${COLUMNS} FROM record r ${VERSION}
    WHERE r.type = ${values.add(type)} AND NOT r.deleted AND r.tokens && ${values.add(tokens)}::text[]${of(whose, values)}
    ORDER BY r.updated_at, r.id LIMIT ${values.add(MAX_INCLUDED + 1)}`;
  return { text, values: values.all };
}

function of(whose: string | undefined, values: Values): string {
  return whose === undefined ? '' : ` AND r.patient = ${values.add(whose)}`;
}
