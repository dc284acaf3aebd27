// Checks answers against their rows. It takes time, so only tests enable it; a mismatch is a bug of ours.

import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import type { Row } from '@chartwire/client/internal/contract/row';
import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import { schemaFaults } from '@chartwire/sdk/internal/kit/schema-faults';

/** Called with each mismatch in an answer of /api. If set, such an answer becomes a 500 that says so. */
export type OnUnfit = (fault: string) => void;

/** A mismatch as text: `GET /api/tasks answered with what its row does not declare: /items/0/title is missing`. */
export function unfitAnswer(row: Row, answer: unknown): string | undefined {
  const { schema, type, status } = row.answer;
  // Answers other than JSON aren't checked.
  if (type !== undefined || status === 303) return undefined;
  if (schema) return unfit(row, schema, answer);
  return answer === undefined ? undefined : said(row, 'it answers with nothing');
}

/** The same for a message of a stream. */
export function unfitMessage(row: Row, message: unknown): string | undefined {
  const { messages } = row.answer;
  return messages ? unfit(row, messages, message) : said(row, 'it is no stream, or declares no messages');
}

function unfit(row: Row, schema: TSchema, answer: unknown): string | undefined {
  const check = checkOf(schema);
  // In its JSON form.
  const sent = answer === undefined ? undefined : parseJson(printJson(answer));
  if (check.Check(sent)) return undefined;
  const faults = schemaFaults(schema, check.Errors(sent));
  return said(row, faults.map(({ path, message }) => `${path} ${message}`).join('; '));
}

function said({ method, path }: Row, faults: string): string {
  return `${method} ${path} answered with what its row does not declare: ${faults}`;
}

const checks = new WeakMap<TSchema, Validator>();

function checkOf(schema: TSchema): Validator {
  const check = checks.get(schema) ?? Compile(closed(schema) as TSchema);
  checks.set(schema, check);
  return check;
}

/** The schema with objects closed to undeclared properties. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const { type, properties, additionalProperties } = copy;
  const names = type === 'object' && additionalProperties === undefined && Object.keys(properties ?? {}).length > 0;
  return names ? { ...copy, additionalProperties: false } : copy;
}
