// Options that are records: those that have every word of the query, wherever they stand among thousands of their type.

import type { HumanName, Practitioner, Resource, ResourceType } from '@medplum/fhirtypes';
import type { ShownOption } from '@chartwire/sdk/internal/effects/answers';
import type { Search } from '@chartwire/sdk/internal/kit/command-kind';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { partyDetail } from '@chartwire/sdk/internal/records/party-facts';
import { isParty } from '@chartwire/sdk/internal/records/parties';
import { nameText } from '@chartwire/sdk/internal/records/person';
import { searchParameter } from '#r4/search-parameters.ts';
import { normalise } from '#r4/search-text.ts';
import type { SearchCaller, SearchReach, Store } from '#store/contract.ts';
import { optionFor } from './fields.ts';
import { type FittingOption, isCoded } from './fitting.ts';

export type RecordSearch = Exclude<Search, { readonly from: 'terms' }>;

/** Records read at a time. */
const PAGE = 100;
/** Characters of a description. */
const LONGEST_DETAIL = 500;
/** What is over or on hold, of types that have no `active` to say it. */
const WITHDRAWN: Readonly<Partial<Record<ResourceType, string>>> = { CareTeam: 'suspended,inactive,entered-in-error' };

export function typesOf(search: RecordSearch): readonly ResourceType[] {
  return search.from === 'chart' ? [search.type] : search.types;
}

/** `most` of them, of each type a share; first those that are called so, then those found by where they are. */
export async function recordOptions(
  store: Store,
  search: RecordSearch,
  {
    patient,
    query,
    most,
    caller,
  }: { readonly patient: string; readonly query: string; readonly most: number; readonly caller: string },
): Promise<FittingOption[]> {
  const words = normalise(query)
    .split(/[\s\p{Cc}]+/u)
    .filter(Boolean);
  const found = typesOf(search).map((type) => {
    const filter = search.from === 'chart' ? search.filter : search.filters?.[type];
    const reach = search.from === 'chart' ? { within: patient, caller } : { open: patient, caller };
    return ofType(store, type, { filter, words, reach, most });
  });
  const options = shared(withoutTwice(await Promise.all(found)), most).map(({ record, option }) => {
    const fits = words.length > 0 && isCalled(record, option, words, (each, word) => each.startsWith(word));
    return { ...option, fits };
  });
  return options.sort((a, b) => Number(b.fits) - Number(a.fits));
}

interface OfType {
  readonly filter: string | undefined;
  readonly words: readonly string[];
  readonly reach: SearchReach & SearchCaller;
  readonly most: number;
}

interface FoundRecord {
  readonly record: Resource;
  readonly option: ShownOption;
}

async function ofType(store: Store, type: ResourceType, asked: OfType): Promise<FoundRecord[]> {
  const found = new Map<string, FoundRecord>();
  // Somebody whose whole name begins fifty others would never be among the first of them.
  for (const whole of asked.words.length > 0 ? [true, false] : [false]) {
    if (found.size === asked.most) break;
    for await (const one of meant(store, type, whole, asked)) {
      found.set(one.option.value, one);
      if (found.size === asked.most) break;
    }
  }
  return [...found.values()];
}

/** All that are meant, in pages; the store finds them by name, and those of a type without one are read to the last. */
async function* meant(store: Store, type: ResourceType, whole: boolean, asked: OfType): AsyncGenerator<FoundRecord> {
  const { filter, words, reach } = asked;
  const options = { ...reach, ...(isNamed(type) && { called: { words, whole } }) };
  let query: string | undefined = pageOf(type, filter);
  while (query !== undefined) {
    const { matches, next } = await store.search(type, query, options);
    for (const match of matches) {
      const record = await whose(store, match as Resource & { id: string });
      const option = { ...optionFor(record), ...detailOf(record) };
      if (isMeant(record, option, asked, whole)) yield { record, option };
    }
    query = next;
  }
}

/** A role with its person's name, where it names the record alone. */
async function whose<R extends Resource>(store: Store, record: R): Promise<R> {
  if (record.resourceType !== 'PractitionerRole' || record.practitioner?.display !== undefined) return record;
  const named = parseReference(record.practitioner?.reference);
  const person = named && (await store.current('Practitioner', named.id))?.record;
  const display = person && nameText((person as Practitioner).name);
  return display === undefined ? record : { ...record, practitioner: { ...record.practitioner, display } };
}

/** Where a party is, which tells it from another of its name. */
function detailOf(record: Resource): Pick<ShownOption, 'description'> {
  const detail = isParty(record) ? partyDetail(record).slice(0, LONGEST_DETAIL) : '';
  return detail === '' ? {} : { description: detail };
}

/** Nobody is offered as a person where they are offered in what they do. */
function withoutTwice(lists: readonly FoundRecord[][]): FoundRecord[][] {
  const roles = lists.flat().map(({ record }) => record.resourceType === 'PractitionerRole' && record.practitioner);
  const people = new Set(roles.flatMap((person) => (person ? (person.reference ?? []) : [])));
  return lists.map((list) => list.filter(({ record }) => !people.has(`${record.resourceType}/${record.id}`)));
}

function pageOf(type: ResourceType, filter: string | undefined): string {
  const query = new URLSearchParams(filter);
  query.set('_count', String(PAGE));
  // What does not say whether it is active is: https://hl7.org/fhir/R4/practitioner.html
  if (searchParameter(type, 'active')) query.append('active:not', 'false');
  if (WITHDRAWN[type]) query.append('status:not', WITHDRAWN[type]);
  return String(query);
}

/** Whether the options of a type are called by what the store finds by `name`: of what has a title, that is another name. */
function isNamed(type: ResourceType): boolean {
  return searchParameter(type, 'name')?.type === 'string' && !searchParameter(type, 'title');
}

/** Whether it is called so, or the words say where it is. */
function isMeant(record: Resource, option: ShownOption, { words }: OfType, whole: boolean): boolean {
  const alike = (each: string, word: string): boolean => (whole ? each === word : each.startsWith(word));
  return isCalled(record, option, words, alike) || isCalled(record, option, words, alike, option.description);
}

/** Each word is like one of the option's own, or one of any name that a person has or had; or the whole is its code. */
function isCalled(
  record: Resource,
  { text, coding = [] }: ShownOption,
  words: readonly string[],
  alike: (each: string, word: string) => boolean,
  besides = '',
): boolean {
  const said = [text, besides, ...namesOf(record)].flatMap((one) => normalise(one).split(' '));
  return words.every((word) => said.some((each) => alike(each, word))) || isCoded(coding, words.join(' '));
}

function namesOf(record: Resource): readonly string[] {
  const names = 'name' in record && Array.isArray(record.name) ? (record.name as HumanName[]) : [];
  return names.flatMap(({ text, given = [], family }) => [text, ...given, family].filter((part) => part !== undefined));
}

/** As many of each list as of the others, as long as it has them. */
function shared<T>(lists: readonly T[][], most: number): T[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  const turns = Array.from({ length: longest }, (_, place) => lists.filter((list) => place < list.length));
  const taken = turns.flat().slice(0, most);
  return lists.flatMap((list) => list.slice(0, taken.filter((one) => one === list).length));
}
