// Options that are records: those that contain every word of the query, among thousands of their type.

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

/** Records to read at a time. */
const PAGE = 100;
/** Characters of a description. */
const LONGEST_DETAIL = 500;
/** States of ended or paused records, for types without `active`. */
const WITHDRAWN: Readonly<Partial<Record<ResourceType, string>>> = { CareTeam: 'suspended,inactive,entered-in-error' };

export function typesOf(search: RecordSearch): readonly ResourceType[] {
  return search.from === 'chart' ? [search.type] : search.types;
}

/** At most `most`, with a share for each type: first matches by name, then by place. */
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
  // Otherwise a person whose whole name starts fifty others would never be among the first.
  for (const whole of asked.words.length > 0 ? [true, false] : [false]) {
    if (found.size === asked.most) break;
    for await (const one of meant(store, type, whole, asked)) {
      found.set(one.option.value, one);
      if (found.size === asked.most) break;
    }
  }
  return [...found.values()];
}

/** All matches, in pages. The store finds them by name; types without a name are read completely. */
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

/** A role with its person's name, if that alone names the record. */
async function whose<R extends Resource>(store: Store, record: R): Promise<R> {
  if (record.resourceType !== 'PractitionerRole' || record.practitioner?.display !== undefined) return record;
  const named = parseReference(record.practitioner?.reference);
  const person = named && (await store.current('Practitioner', named.id))?.record;
  const display = person && nameText((person as Practitioner).name);
  return display === undefined ? record : { ...record, practitioner: { ...record.practitioner, display } };
}

/** The place of a party, which distinguishes it from others of its name. */
function detailOf(record: Resource): Pick<ShownOption, 'description'> {
  const detail = isParty(record) ? partyDetail(record).slice(0, LONGEST_DETAIL) : '';
  return detail === '' ? {} : { description: detail };
}

/** A person isn't offered in addition to their roles. */
function withoutTwice(lists: readonly FoundRecord[][]): FoundRecord[][] {
  const roles = lists.flat().map(({ record }) => record.resourceType === 'PractitionerRole' && record.practitioner);
  const people = new Set(roles.flatMap((person) => (person ? (person.reference ?? []) : [])));
  return lists.map((list) => list.filter(({ record }) => !people.has(`${record.resourceType}/${record.id}`)));
}

function pageOf(type: ResourceType, filter: string | undefined): string {
  const query = new URLSearchParams(filter);
  query.set('_count', String(PAGE));
  // Without `active`, a record counts as active: https://hl7.org/fhir/R4/practitioner.html
  if (searchParameter(type, 'active')) query.append('active:not', 'false');
  if (WITHDRAWN[type]) query.append('status:not', WITHDRAWN[type]);
  return String(query);
}

/** Whether a type's option text is what the store finds by `name`; for records with a title it isn't. */
function isNamed(type: ResourceType): boolean {
  return searchParameter(type, 'name')?.type === 'string' && !searchParameter(type, 'title');
}

/** Whether its name matches, or the words name its place. */
function isMeant(record: Resource, option: ShownOption, { words }: OfType, whole: boolean): boolean {
  const alike = (each: string, word: string): boolean => (whole ? each === word : each.startsWith(word));
  return isCalled(record, option, words, alike) || isCalled(record, option, words, alike, option.description);
}

/** Each word matches one of the option's words, or one of the person's current or former names; or the whole text is its code. */
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

/** Takes equally from each list, as far as it lasts. */
function shared<T>(lists: readonly T[][], most: number): T[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  const turns = Array.from({ length: longest }, (_, place) => lists.filter((list) => place < list.length));
  const taken = turns.flat().slice(0, most);
  return lists.flatMap((list) => list.slice(0, taken.filter((one) => one === list).length));
}
