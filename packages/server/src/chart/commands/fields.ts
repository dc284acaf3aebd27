// The fields of a command: read as entered, checked against their schemas, complete before a commit.

import type { HumanName, Resource, ResourceType } from '@medplum/fhirtypes';
import { Value } from 'typebox/value';
import type { CommandKind, Field } from '@chartwire/sdk/internal/kit/command-kind';
import { type Fault, Refusal } from '@chartwire/sdk/internal/kit/errors';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { keepLiterals, mergeLiterals } from '@chartwire/sdk/internal/kit/json/literals';
import type { Option } from '@chartwire/sdk/internal/kit/schema';
import { schemaFaults } from '@chartwire/sdk/internal/kit/schema-faults';
import { isParty } from '@chartwire/sdk/internal/records/parties';
import { partyTitle } from '@chartwire/sdk/internal/records/party-facts';
import { nameText } from '@chartwire/sdk/internal/records/person';
import { standardCoding } from '@chartwire/sdk/internal/substances/standard-coding';
import { unitText } from '@chartwire/sdk/internal/commands/words';
import type { ChartDraft } from '../draft.ts';

/** By name, as entered. */
export type Fields = Readonly<Record<string, unknown>>;

/** Code systems for commands. A port: app.ts connects it to terms/. */
export interface Terms {
  lookup(system: string, code: string): Promise<{ system: string; code: string; display: string } | undefined>;
  /** Preferred terms come first. For drugs, `of` searches ingredients. `fits`: it matches the typed words and isn't a guess. */
  search(
    system: string,
    query: string,
    limit: number,
    prefer?: 'laboratory' | 'imaging' | 'disease',
    of?: 'ingredient',
  ): Promise<{ system: string; code: string; display: string; fits: boolean }[]>;
  /** The option was selected: it ranks higher next time. */
  noteUse(system: string, code: string): Promise<void>;
}

/** Looks up an option's record by id. The answer contains its name, so the caller must be allowed to read it. */
export type Names = Pick<ChartDraft, 'named'>;

/**
 * Completes fields from a caller: an option given by value gets its text and coding; null clears a field. Refuses unknown fields
 * and wrong values, all at once.
 */
export async function takeFields(kind: CommandKind, given: Fields, draft: Names, terms: Terms): Promise<Fields> {
  const faults: Fault[] = [];
  const taken: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const field = Object.hasOwn(kind.fields, name) ? kind.fields[name] : undefined;
    if (!field) faults.push({ path: `/fields/${name}`, message: `${kind.label} has no field ${name}.` });
    else if (value === null || value === '') taken[name] = undefined;
    else {
      const whole = await wholeOption(field, value, draft, terms);
      if (whole === undefined)
        faults.push({ path: `/fields/${name}`, message: `${named(field.label)} has no such option.` });
      else faults.push(...faultsOf(name, field, whole));
      taken[name] = whole;
    }
  }
  refuseFaulty(kind, faults);
  return keepLiterals(taken, given);
}

/** Initial values of a new command. */
export function initialFields(kind: CommandKind, today: string, author: Option | undefined): Fields {
  return Object.fromEntries(
    Object.entries(kind.fields).flatMap(([name, { initial }]): [string, unknown][] => {
      if (initial === 'today') return [[name, today]];
      return initial === 'author' && author ? [[name, author]] : [];
    }),
  );
}

/** Merges new values into old ones; cleared fields are removed. */
export function mergeFields(before: Fields, changes: Fields): Fields {
  const merged = { ...before, ...changes };
  const kept = Object.entries(merged).filter(([, value]) => value !== undefined);
  // Keeps the literals of both; a spread has only the last one's.
  return mergeLiterals(Object.fromEntries(kept), before, changes);
}

/** Refuses fields that lack what a commit needs, and names each. */
export function refuseIncomplete(kind: CommandKind, fields: Fields): void {
  const has = (name: string): boolean => fields[name] !== undefined;
  const faults = Object.entries(kind.fields).flatMap(([name, { label, needed }]) => {
    if (!needed || has(name)) return [];
    if (needed !== true && needed.unless.some(has)) return [];
    return [{ path: `/fields/${name}`, message: `${named(label)} is needed.` }];
  });
  refuseFaulty(kind, faults);
}

/** A label in a sentence, in quotation marks, so that a plural (`Tests`) reads as one name. */
function named(label: string): string {
  return `“${label}”`;
}

function refuseFaulty(kind: CommandKind, faults: readonly Fault[]): void {
  const [first, ...more] = faults;
  if (first) throw faulty(kind, first, ...more);
}

/** Reports faults of fields. The refusal takes its name from the first. */
export function faulty(kind: CommandKind, ...faults: readonly [Fault, ...Fault[]]): Refusal {
  return new Refusal('command.fields', { command: kind.label, reason: faults[0].message.replace(/\.$/, '') }, faults);
}

function faultsOf(name: string, field: Field, value: unknown): Fault[] {
  const { schema } = field;
  const number = numberFault(field, value);
  if (number !== undefined) return [{ path: `/fields/${name}`, message: number }];
  return schemaFaults(schema, Value.Errors(schema, value)).map(({ path, message }) => ({
    path: `/fields/${name}${path === '/' ? '' : path}`,
    message: `It ${message}.`,
  }));
}

/** Why a value is wrong for a field with a unit, naming the unit and the format. */
function numberFault({ schema, unit }: Field, value: unknown): string | undefined {
  const { type, minimum, maximum } = schema as { type?: string; minimum?: number; maximum?: number };
  const asked = new Map([
    ['number', 'a number'],
    ['integer', 'a whole number'],
  ]).get(type ?? '');
  if (!asked || unit === undefined || minimum === undefined || maximum === undefined) return undefined;
  if (Value.Check(schema, value)) return undefined;
  const told = `It must be ${asked} from ${minimum} to ${maximum} (${unitText(unit)}).`;
  if (typeof value !== 'string') return told;
  return /\d,\d/.test(value) ? `${told} Write decimals after a point, as in 98.6.` : `${told} Enter the number alone.`;
}

async function wholeOption(field: Field, value: unknown, draft: Names, terms: Terms): Promise<unknown> {
  if (!field.search) return value;
  if (Array.isArray(value)) {
    const options = await Promise.all(value.map((one) => wholeOption(field, one, draft, terms)));
    return options.includes(undefined) ? undefined : options;
  }
  const alone = typeof value === 'string' ? value : loneValue(value);
  if (alone === undefined) return value;
  return optionOf(field.search, alone, draft, terms);
}

/** The value of an option without any other member. */
function loneValue(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || 'text' in value || !('value' in value)) return undefined;
  return typeof value.value === 'string' ? value.value : undefined;
}

async function optionOf(
  search: NonNullable<Field['search']>,
  value: string,
  draft: Names,
  terms: Terms,
): Promise<Option | undefined> {
  if (search.from === 'terms') {
    for (const system of search.systems) {
      const term = await terms.lookup(system, value);
      if (term) return termOption(term);
    }
    return undefined;
  }
  const types: readonly ResourceType[] = search.from === 'chart' ? [search.type] : search.types;
  const named = parseReference(value);
  for (const type of types) {
    if (named && named.type !== type) continue;
    const record = await draft.named(type, named?.id ?? value);
    if (!record) continue;
    const option = optionFor(record as Resource & { id: string });
    // If several types can be selected, an id alone would be ambiguous.
    return types.length > 1 ? { ...option, value: `${type}/${option.value}` } : option;
  }
  return undefined;
}

/** A term as an option; for our own systems with its standard code, if it has one. */
export function termOption({ system, code, display }: { system: string; code: string; display: string }): Option {
  return { value: code, text: display, coding: [standardCoding(system, code) ?? { system, code, display }] };
}

/** A record as an option: its name and codes. */
export function optionFor(record: Resource & { id: string }): Option {
  const { code, description, medicationCodeableConcept, name, title } = record as unknown as Partial<
    Record<string, unknown>
  >;
  // A questionnaire's codes are a plain list of codings.
  const concept = Array.isArray(code)
    ? { coding: code as Concept['coding'] }
    : [code, medicationCodeableConcept, description].find(isConcept);
  const coding = concept?.coding?.flatMap(({ system, code, display }) =>
    code ? [{ ...(system ? { system } : {}), code, ...(display ? { display } : {}) }] : [],
  );
  const text =
    (isParty(record) ? partyTitle(record) : undefined) ??
    concept?.text ??
    textOf(title) ??
    coding?.find(({ display }) => display)?.display ??
    textOf(name) ??
    record.resourceType;
  return { value: record.id, text, ...(coding?.length ? { coding: coding.slice(0, 20) } : {}) };
}

interface Concept {
  text?: string;
  coding?: { system?: string; code?: string; display?: string }[];
}

function isConcept(value: unknown): value is Concept {
  return typeof value === 'object' && value !== null && ('coding' in value || 'text' in value);
}

/** A name as text, of an organization or a person. */
function textOf(name: unknown): string | undefined {
  if (typeof name === 'string') return name;
  return Array.isArray(name) ? nameText(name as HumanName[]) : undefined;
}
