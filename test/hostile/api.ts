// Requests at /api: every route of its table, with values that its own schema lets pass and others.

import { gzipSync } from 'node:zlib';
import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';
import type { Route } from '#server/route.ts';
import { headers, rawJson } from './fhir.ts';
import { mangled } from './mangle.ts';
import type { Random } from './random.ts';
import type { Sent } from './request.ts';
import { anything, cursor, instant, NUMBERS, noise, percent, TEXTS, timestamp } from './values.ts';
import type { Known } from './world.ts';

// biome-ignore lint/suspicious/noExplicitAny: a schema is read as the JSON that it is
type Schema = any;

/** `known` are ids, names and keys of things that are there. */
export function apiRequest(random: Random, routes: readonly Route[], known: Known): Sent {
  const row = random.pick(routes);
  const params = (row.params as Schema)?.properties ?? {};
  const path = row.path.replaceAll(/(?<=\/([\w-]+)\/):(\w+)/g, (_all, segment: string, name: string) => {
    const there = known.behind[segment];
    if (there && !random.once(5)) return percent(random.pick(there));
    if (random.once(10)) return percent(anything(random));
    return percent(String(valueFor(params[name] ?? { type: 'string' }, random, known)));
  });
  const query = row.query === undefined && !random.once(10) ? '' : queryOf((row.query as Schema) ?? {}, random, known);
  const method = random.once(40) ? random.pick(['HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'PROPFIND']) : row.method;
  const sent = bodyOf(row, random, known);
  return { method, path: path + (query && `?${query}`), ...sent, headers: { ...sent.headers, ...headers(random) } };
}

function bodyOf(row: Route, random: Random, known: Known): Pick<Sent, 'body' | 'headers'> {
  if (row.upload) {
    const type = random.once(5)
      ? random.pick(['text/plain', 'application/json', ';', 'multipart/form-data'])
      : random.pick(row.upload.types);
    const body = random.pick([
      Buffer.alloc(0),
      Buffer.from('x'),
      Buffer.from([0x1f, 0x8b, 8, 0]),
      Buffer.from(`%PDF-1.7${noise(random, 50)}`),
      Buffer.from(noise(random, 3000)),
      gzipSync(noise(random, 3000)),
      gzipSync(Buffer.alloc(2048)),
      gzipSync(noise(random, 3000)).subarray(0, 100),
    ]);
    return { headers: { 'content-type': type }, body };
  }
  if (row.body === undefined && !random.once(10)) return {};
  const value = valueFor(row.body ?? {}, random, known);
  const odd = random.once(4) && typeof value === 'object' && value !== null ? mangled(value, random) : value;
  return { headers: { 'content-type': 'application/json' }, body: rawJson(random, odd) };
}

function queryOf(schema: Schema, random: Random, known: Known): string {
  const parts = Object.entries<Schema>(schema.properties ?? {}).flatMap(([name, one]) => {
    if (!random.once(2)) return [];
    const value = random.once(25) ? anything(random) : String(valueFor(one, random, known));
    return [`${name}=${percent(value)}`];
  });
  if (random.once(12))
    parts.push(
      random.pick([
        'x=1',
        '__proto__=x',
        'a[]=1',
        'limit[a]=1',
        '%',
        '%00=1',
        '=',
        '%ff=%ff',
        'constructor=1',
        ...parts,
      ]),
    );
  return parts.join('&');
}

/** Mostly what the schema lets pass, at its ends; at times anything. */
function valueFor(schema: Schema, random: Random, known: Known): unknown {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return valueFor(random.pick(choices), random, known);
  if ('const' in schema) return schema.const;
  if (schema.enum) return random.pick(schema.enum);
  switch (schema.type) {
    case 'object':
      return objectOf(schema, random, known);
    case 'array':
      return Array.from({ length: (schema.minItems ?? 0) + random.below(3) }, () =>
        valueFor(schema.items ?? {}, random, known),
      );
    case 'integer':
    case 'number':
      return random.pick([
        schema.minimum ?? 0,
        schema.maximum ?? 2 ** 53,
        (schema.minimum ?? 0) - 1,
        2 ** 31,
        -(2 ** 31) - 1,
        2 ** 63,
        1e308,
        -0,
        1.5,
        5e-324,
      ]);
    case 'boolean':
      return random.once(2);
    case 'null':
      return null;
    case 'string':
      return textOf(schema, random, known);
    default:
      return random.pick([null, 1, 'x', {}, [], random.pick(TEXTS), { value: 'x', text: 'x' }]);
  }
}

function objectOf(schema: Schema, random: Random, known: Known): object {
  const required: readonly string[] = schema.required ?? [];
  const entries = Object.entries<Schema>(schema.properties ?? {}).filter(
    ([name]) => required.includes(name) || random.once(2),
  );
  if (!schema.properties) return Object.fromEntries([[random.pick(TEXTS), anything(random)]]);
  return Object.fromEntries(entries.map(([name, one]) => [name, valueFor(one, random, known)]));
}

/** Of many odd texts, and of ids that exist, one that the schema lets pass. */
function textOf(schema: Schema, random: Random, known: Known): string {
  for (let tries = 0; tries < 60; tries++) {
    const text = random.pick<() => string>([
      () => random.pick(known.ids),
      () => random.pick(known.ids),
      () => anything(random),
      () => cursor(random),
      () => timestamp(random),
      () => instant(random).slice(0, 10),
      () => random.pick(NUMBERS),
      () => noise(random, Math.min(schema.maxLength ?? 3000, 9000)),
      () =>
        random.pick([
          'A',
          'Z9',
          'a'.repeat(63),
          'CRON',
          'PATIENT_CREATED',
          'Patient',
          'Patient/1',
          'me',
          'nobody',
          'overdue',
          'never',
          'A'.repeat(64),
        ]),
    ])();
    if (Check(schema as TSchema, text)) return text;
  }
  return anything(random);
}
