// What an answer to hostile input may be: anything but a fault of the server, and an error only in the form of its door.

import { Compile } from 'typebox/compile';
import { Problem } from '#contract/problem.ts';
import type { Received, Sent } from './request.ts';

const isProblem = Compile(Problem);

/** Words of the database, of the runtime, and of the patients of these tests. */
const INNER =
  /\b(SELECT|INSERT INTO|UPDATE [a-z_]+ SET|pg_[a-z_]+|SQLSTATE)\b|relation "|column "|invalid input syntax|out of range for type|violates|duplicate key|node_modules|\.ts:\d+|Germain|TypeError|RangeError/;

/** What is wrong with an answer; undefined when nothing is. */
export function faultOf({ method, path }: Sent, { status, type, text }: Received): string | undefined {
  if (status >= 500) return `a fault of the server: ${status}`;
  const fhir = /^\/fhir(\/|\?|$)/.test(path);
  if (fhir && status === 200) return entryFaultOf(text);
  if (status < 400 || method === 'HEAD') return undefined;
  if (INNER.test(text)) return `inner words in an error: ${INNER.exec(text)![0]}`;
  const json = jsonOf(text);
  if (fhir) {
    const isOutcome = (json as { resourceType?: unknown } | undefined)?.resourceType === 'OperationOutcome';
    return type.startsWith('application/fhir+json') && isOutcome ? undefined : 'an error that is no OperationOutcome';
  }
  return type.startsWith('application/problem+json') && isProblem.Check(json)
    ? undefined
    : 'an error that is no problem';
}

function entryFaultOf(text: string): string | undefined {
  const { type, entry = [] } = (jsonOf(text) ?? {}) as { type?: string; entry?: { response?: { status?: string } }[] };
  if (type !== 'batch-response') return undefined;
  const failed = entry.find(({ response }) => Number.parseInt(response?.status ?? '200', 10) >= 500);
  return failed && `a fault of the server in an entry: ${JSON.stringify(failed).slice(0, 300)}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
