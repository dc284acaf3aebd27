// Options for a command's field: plugins may replace the built-in search, and may change its results. Answers of several plugins
// are merged without losing annotations.

import { Value } from 'typebox/value';
import { SEARCH_ANSWERS, type SearchAnswer, type ShownOption } from '@chartwire/sdk/internal/effects/answers';
import type { CommandKind, Field } from '@chartwire/sdk/internal/kit/command-kind';
import { constantCase } from '@chartwire/sdk/internal/kit/constant-case';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { callerOf, type EventEnvelope } from '@chartwire/sdk/internal/kit/event';
import { ALLERGENS } from '@chartwire/sdk/internal/kit/systems';
import type { Store } from '#store/contract.ts';
import { allergenOfKey, isSharedName } from '@chartwire/sdk/internal/substances/allergen-names';
import { namesIn } from '@chartwire/sdk/internal/substances/allergy-phrase';
import type { Bus } from '../bus.ts';
import { type Asking, askedEvent } from './command-events.ts';
import { type Terms, termOption } from './fields.ts';
import { type FittingOption, fitsWords } from './fitting.ts';
import { recordOptions, typesOf } from './record-options.ts';

export interface SearchServices {
  readonly store: Store;
  readonly bus: Bus;
  readonly terms: Terms;
  /** Milliseconds for all plugins of one search, before and after it. */
  readonly budgetMs: number;
}

export interface FieldSearch extends Asking {
  readonly kind: CommandKind;
  readonly name: string;
  readonly field: Field;
  readonly query: string;
}

/** The results of a search. */
export interface Found {
  readonly items: readonly FittingOption[];
  /** `plugin/Handler` of those that didn't answer: late, failed, or skipped after earlier failures. */
  readonly unanswered: readonly string[];
}

const MOST = 50;
/** Maximum number of substances to search for in one phrase. */
const MOST_NAMES = 4;

type TermFound = Awaited<ReturnType<Terms['search']>>[number];

export async function searchOptions(services: SearchServices, search: FieldSearch): Promise<Found> {
  const prefix = `${search.kind.prefix}__${constantCase(search.name)}`;
  const asking = new Round(services, search);
  const instead = (await asking.ask(`${prefix}__PRE_SEARCH`, null)).flatMap((answer) =>
    answer.type === 'RESULTS' && answer.payload.results ? [answer.payload.results] : [],
  );
  const { found, fitting } =
    instead.length > 0 ? { found: instead.flat(), fitting: NOBODY_SAYS } : await builtIn(services, search);
  const answers = await asking.ask(`${prefix}__POST_SEARCH`, found);
  const items = answers.reduce(apply, found).map((option) => {
    const fits = fitting.has(option.value) || fitsWords(option, search.query);
    return { ...option, fits: fits && !isOneOfSeveral(search, option) };
  });
  return { items, unanswered: [...asking.unanswered] };
}

/** An allergen found through a shared name that isn't its own: `nuts` doesn't mean peanut yet. */
function isOneOfSeveral({ field: { search }, query }: FieldSearch, { text }: ShownOption): boolean {
  if (search?.from !== 'terms' || !search.systems.includes(ALLERGENS) || !isSharedName(query)) return false;
  return !text.toLowerCase().startsWith(query.trim().toLowerCase());
}

const NOBODY_SAYS: ReadonlySet<string> = new Set();

/** Record types that are options of a field; none if its options are codes. Refuses a field without options. */
export function recordsSearched(kind: CommandKind, name: string): readonly string[] {
  const { search } = searchable(kind, name);
  if (!search || search.from === 'terms') return [];
  return typesOf(search);
}

/** Refuses a field without options. */
export function searchable(kind: CommandKind, name: string): Field {
  const field = Object.hasOwn(kind.fields, name) ? kind.fields[name] : undefined;
  if (field?.search) return field;
  const names = Object.keys(kind.fields).filter((each) => kind.fields[each]?.search);
  throw new Refusal('command.fields', {
    command: kind.label,
    reason: `${name} has no options. ${names.length > 0 ? `Fields with options: ${names.join(', ')}` : 'None of its fields has options'}`,
  });
}

class Round {
  readonly unanswered = new Set<string>();
  readonly #bus: Bus;
  readonly #search: FieldSearch;
  /** Milliseconds left for plugins. The built-in search, which may be slow the first time, doesn't count. */
  #left: number;

  constructor({ bus, budgetMs }: SearchServices, search: FieldSearch) {
    this.#bus = bus;
    this.#left = budgetMs;
    this.#search = search;
  }

  /** Asks every handler of the event, each with the results after the previous ones. */
  async ask(type: string, found: ShownOption[] | null): Promise<SearchAnswer[]> {
    const all: SearchAnswer[] = [];
    for (const handler of this.#bus.handlersOf(type)) {
      const results = found && all.reduce(apply, found);
      const began = performance.now();
      const reply = this.#left > 0 ? await this.#bus.ask(handler, this.#event(type, results), this.#left) : undefined;
      this.#left -= performance.now() - began;
      if (reply?.answered) all.push(...reply.effects.flatMap(answerOf));
      else this.unanswered.add(handler.name);
    }
    return all;
  }

  #event(type: string, results: readonly ShownOption[] | null): EventEnvelope {
    const { entry, name, query, origin } = this.#search;
    const context = { field: name, fields: entry.fields, user: origin.actor, query, results };
    return askedEvent(this.#search, type, context);
  }
}

/** The results without plugins, and the values of those that match by more than their text. */
async function builtIn(
  { store, terms }: SearchServices,
  { field, entry, query, origin }: FieldSearch,
): Promise<{ found: ShownOption[]; fitting: ReadonlySet<string> }> {
  const { search } = field;
  if (!search) return { found: [], fitting: NOBODY_SAYS };
  if (search.from === 'terms') {
    const { systems, prefer, of } = search;
    const all = await Promise.all(systems.map((system) => terms.search(system, query, MOST, prefer, of)));
    // A guess from one code system must not precede a match from another.
    const hits = all.flat().sort((a, b) => Number(b.fits) - Number(a.fits));
    const fitting = new Set(hits.flatMap(({ fits, code }) => (fits ? [code] : [])));
    const within = hits.some(({ fits }) => fits) ? [] : await allergensWithin(terms, search, query);
    return { found: eachOnce([...within, ...hits].map(termOption)), fitting };
  }
  const asked = { patient: entry.patient, query, most: MOST, caller: callerOf(origin.actor) };
  const found = await recordOptions(store, search, asked);
  // Also matches names that aren't shown.
  const fitting = new Set(found.flatMap(({ value, fits }) => (fits ? [value] : [])));
  return { found: found.map(({ fits: _, ...option }) => option), fitting };
}

/**
 * What a phrase about an allergy, `PCN rash`, may refer to: searched as if only its substances were typed. Taken only if someone
 * selects it, since an option doesn't contain the rest of the phrase.
 */
async function allergensWithin(
  terms: Terms,
  { systems, of }: Extract<NonNullable<Field['search']>, { from: 'terms' }>,
  query: string,
): Promise<readonly TermFound[]> {
  if (!systems.includes(ALLERGENS)) return [];
  const { names, rest } = namesIn(query);
  const words = names.length > 0 ? names : [rest].filter(Boolean);
  const found = await Promise.all(
    words
      .slice(0, MOST_NAMES)
      .flatMap((one) => systems.map((system) => terms.search(system, one, MOST, undefined, of))),
  );
  return found.flat().filter(({ fits, system, code }) => fits && !isNoneKnown(system, code));
}

function isNoneKnown(system: string, code: string): boolean {
  return system === ALLERGENS && allergenOfKey(code)?.kind === 'none-known';
}

/** A term in two code systems is shown once, from the first. */
function eachOnce(options: readonly ShownOption[]): ShownOption[] {
  const byCode = new Map<string, ShownOption>();
  for (const option of options) {
    const [coding] = option.coding ?? [];
    const key = `${coding?.system}|${coding?.code}`;
    if (!byCode.has(key)) byCode.set(key, option);
  }
  return [...byCode.values()];
}

function answerOf({ type, payload }: { type: string; payload: unknown }): SearchAnswer[] {
  const schema = Object.hasOwn(SEARCH_ANSWERS, type) ? SEARCH_ANSWERS[type as keyof typeof SEARCH_ANSWERS] : undefined;
  return schema && Value.Check(schema, payload) ? [{ type, payload } as SearchAnswer] : [];
}

/** Applies one answer to the current results. */
function apply(shown: ShownOption[], answer: SearchAnswer): ShownOption[] {
  switch (answer.type) {
    case 'ANNOTATE':
      return shown.map((option) =>
        option.value === answer.payload.value ? annotated(option, [answer.payload.annotation]) : option,
      );
    case 'PROMOTE': {
      const first = inOrder(shown, answer.payload.values);
      return [...first, ...shown.filter((option) => !first.includes(option))];
    }
    case 'DEMOTE': {
      const last = inOrder(shown, answer.payload.values);
      return [...shown.filter((option) => !last.includes(option)), ...last];
    }
    case 'HIDE':
      return shown.filter(({ value }) => !answer.payload.values.includes(value));
    case 'ADD':
      return [
        ...shown,
        ...answer.payload.results.filter(({ value }) => !shown.some((option) => option.value === value)),
      ];
    case 'RESULTS': {
      const { results } = answer.payload;
      // Null changes nothing. A list replaces the whole list, but options keep earlier annotations.
      if (results === null) return shown;
      return results.map((option) =>
        annotated(option, shown.find(({ value }) => value === option.value)?.annotations ?? []),
      );
    }
  }
}

function inOrder(shown: readonly ShownOption[], values: readonly string[]): ShownOption[] {
  return values.flatMap((value) => shown.find((option) => option.value === value) ?? []);
}

function annotated(option: ShownOption, annotations: readonly string[]): ShownOption {
  const all = [...new Set([...(option.annotations ?? []), ...annotations])];
  return all.length > 0 ? { ...option, annotations: all } : option;
}
