// What is read from the server, kept while it is looked at, and read again when an event says that it changed.

import type { Bundle, ExtractResource, Resource, ResourceType } from '@medplum/fhirtypes';
import {
  type InfiniteData,
  keepPreviousData,
  QueryClient,
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import { Problem, type Query, type Sending, type Stored } from '@chartwire/client/internal/client/index';
import { api } from './client.ts';
import type { Heard } from './live.ts';
import { shared } from './shared.ts';

/** Which events make a query stale: those about one of these types, of this patient, about this very record. */
export interface Hears {
  /** Types of records: `Task`, `Note`. All when absent. */
  readonly types?: readonly string[];
  readonly patient?: string;
  readonly id?: string;
}

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: { hears?: Hears };
    defaultError: Problem;
  }
}

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // Events tell when something changed: nothing is read again for having been read a while ago.
      staleTime: 60_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => error instanceof Problem && error.passing && failures < 5,
      retryDelay: (failures) => Math.min(500 * 2 ** failures, 10_000),
      networkMode: 'always',
      structuralSharing: shared,
    },
    // What was written is not kept: it may be a password.
    mutations: { networkMode: 'always', retry: false, gcTime: 0 },
  },
});

/** Paths that writes which aren't answered yet read again once they are. */
const awaited = new Set<readonly string[]>();

/**
 * Reads again what these events make stale. What a write that isn't answered yet reads again waits for the answer: its form
 * would be gone with what it is about before it could lead on.
 */
export function hear(events: readonly Heard[]): void {
  void queries.invalidateQueries({
    predicate: ({ meta, queryKey: [at] }) => {
      const hears = meta?.hears;
      if (hears === undefined || [...awaited].some((paths) => isWithin(paths, at))) return false;
      return events.some((event) => concerns(hears, event));
    },
  });
}

/** Carries out a write of which `paths` are read again once it is answered, taken or refused. */
export async function untilAnswered<T>(paths: readonly string[], write: () => Promise<T>): Promise<T> {
  const own = [...paths];
  awaited.add(own);
  try {
    return await write();
  } finally {
    awaited.delete(own);
  }
}

/** Reads again what is at these paths and below them; resolves when that was read which is looked at. */
export async function readAgain(paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  await queries.invalidateQueries({
    predicate: ({ queryKey: [at] }) => isWithin(paths, at),
  });
}

/** Whether a query's path is one of these, or below one. */
function isWithin(paths: readonly string[], at: unknown): boolean {
  return paths.some((path) => at === path || String(at).startsWith(`${path}/`));
}

function concerns({ types, patient, id }: Hears, event: Heard): boolean {
  if (patient !== undefined && event.patient !== null && event.patient !== patient) return false;
  if (id !== undefined && event.target.id !== id) return false;
  return types === undefined || types.includes(event.target.type);
}

interface Reading<T = unknown> {
  readonly hears?: Hears;
  readonly enabled?: boolean;
  /** Shows what was there while something else is read: for searches as one types. */
  readonly keep?: boolean;
  readonly staleTime?: number;
  /** Milliseconds after which it is read again while it is looked at: for what no event tells of. */
  readonly every?: number | ((data: T | undefined) => number | false);
}

/** A method of the client that is read with, as `api.tasks.list`. */
interface Reads<Request, Answer> {
  ask(request: Request, sending?: Sending): Promise<Answer>;
  /** Of a part of the request. */
  path(request: never): string;
}

/** What parts of a request a key has. */
interface Asked {
  readonly params?: object;
  readonly query?: object;
}

/** Under what key an answer is kept: the path and the query, so two that ask the same share it. */
export function keyOf<Request extends Asked>(method: Reads<Request, unknown>, request: NoInfer<Request>) {
  const { query = {}, ...parts } = request;
  // The path alone: a change makes it stale whatever was asked of it.
  return [method.path(parts as never), query] as const;
}

/** An operation of the API that is read with, kept by its `keyOf`. */
export function useApi<Request extends Asked, Answer>(
  method: Reads<Request, Answer>,
  request: NoInfer<Request>,
  reading: Reading<NoInfer<Answer>> = {},
): UseQueryResult<Answer, Problem> {
  return useReading(keyOf(method, request), (signal) => method.ask(request, { signal }), reading);
}

function useReading<T>(
  queryKey: readonly unknown[],
  read: (signal: AbortSignal) => Promise<T>,
  { hears, enabled, keep, staleTime, every }: Reading<T>,
): UseQueryResult<T, Problem> {
  return useQuery<T, Problem>({
    queryKey,
    queryFn: ({ signal }) => read(signal),
    ...(hears && { meta: { hears } }),
    ...(enabled !== undefined && { enabled }),
    ...(keep && { placeholderData: keepPreviousData }),
    ...(staleTime !== undefined && { staleTime }),
    ...(every !== undefined && {
      refetchInterval: typeof every === 'number' ? every : ({ state }) => every(state.data),
    }),
  });
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** A list of the API, page after page; `items` of all pages read so far. */
export function usePages<Request extends Asked, Item>(
  method: Reads<Request, Page<Item>>,
  request: NoInfer<Request>,
  reading: Omit<Reading, 'keep' | 'every'> = {},
): UseInfiniteQueryResult<readonly Item[], Problem> {
  const { hears, enabled, staleTime } = reading;
  return useInfiniteQuery<Page<Item>, Problem, readonly Item[], readonly unknown[], string | null>({
    queryKey: [...keyOf(method, request), 'pages'],
    queryFn: ({ pageParam: after, signal }) =>
      method.ask({ ...request, query: { ...request.query, ...(after !== null && { after }) } }, { signal }),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    select: (data: InfiniteData<Page<Item>, string | null>) => data.pages.flatMap(({ items }) => items),
    ...(hears && { meta: { hears } }),
    ...(enabled !== undefined && { enabled }),
    ...(staleTime !== undefined && { staleTime }),
  });
}

/** Every item of a list of the API, for somebody to choose from: nobody may be missing because a page ended. */
export function useAll<Request extends Asked, Item>(
  method: Reads<Request, Page<Item>>,
  request: NoInfer<Request>,
  reading: Reading<readonly Item[]> = {},
): UseQueryResult<readonly Item[], Problem> {
  const read = async (signal: AbortSignal): Promise<readonly Item[]> => {
    const items: Item[] = [];
    for (let after: string | null | undefined; after !== null; ) {
      const query = { ...request.query, ...(after !== undefined && { after }) };
      const page = await method.ask({ ...request, query }, { signal });
      items.push(...page.items);
      after = page.next;
    }
    return items;
  };
  return useReading([...keyOf(method, request), 'all'], read, reading);
}

/** One record of the FHIR door. */
export function useRecord<T extends ResourceType>(
  type: T,
  id: string | undefined,
  reading: Omit<Reading<Stored<ExtractResource<T>>>, 'hears'> = {},
): UseQueryResult<Stored<ExtractResource<T>>, Problem> {
  const there = id !== undefined && id !== '';
  return useReading([api.fhir.path(type, id), {}], (signal) => api.fhir.read(type, id ?? '', { signal }), {
    ...reading,
    enabled: there && reading.enabled !== false,
    hears: { types: [type], ...(there && { id }) },
  });
}

/** A search at the FHIR door; the records that match, without those that were included. */
export function useRecords<T extends ResourceType>(
  type: T,
  query: Query,
  reading: Omit<Reading, 'hears' | 'every'> & { readonly patient?: string } = {},
): Omit<UseQueryResult<Bundle<ExtractResource<T>>, Problem>, 'data'> & {
  readonly data: readonly ExtractResource<T>[] | undefined;
} {
  const { patient, ...rest } = reading;
  const found = useReading([api.fhir.path(type), query], (signal) => api.fhir.search(type, query, { signal }), {
    ...rest,
    hears: { types: [type], ...(patient !== undefined && { patient }) },
  });
  return { ...found, data: found.data && matchesIn(found.data) };
}

/** Every record that a search at the FHIR door finds, for somebody to choose from: page after page. */
export function useAllRecords<T extends ResourceType>(
  type: T,
  query: Query = {},
): UseQueryResult<readonly ExtractResource<T>[], Problem> {
  const read = async (signal: AbortSignal): Promise<readonly ExtractResource<T>[]> => {
    const records: ExtractResource<T>[] = [];
    for (let page: Query | undefined = { ...query, _count: LARGEST_PAGE }; page; ) {
      const bundle: Bundle<ExtractResource<T>> = await api.fhir.search(type, page, { signal });
      records.push(...matchesIn(bundle));
      page = nextPage(bundle);
    }
    return records;
  };
  return useReading([api.fhir.path(type), query, 'all'], read, { hears: { types: [type] } });
}

/** The most that the FHIR door gives at once. */
const LARGEST_PAGE = 1_000;

/** Without those that were included. */
function matchesIn<R extends Resource>({ entry = [] }: Bundle<R>): readonly R[] {
  return entry.flatMap(({ resource, search }) =>
    resource && search?.mode !== 'include' && search?.mode !== 'outcome' ? [resource] : [],
  );
}

/** What the page that follows is asked with; undefined on the last one. */
function nextPage({ link }: Bundle): Query | undefined {
  const next = link?.find(({ relation }) => relation === 'next')?.url;
  if (next === undefined) return undefined;
  const query = new URL(next, window.location.href).searchParams;
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name)]));
}

/** The versions of a record at the FHIR door. */
export function useHistory<T extends ResourceType>(
  type: T,
  id: string,
  query: Query,
  reading: Reading<Bundle<ExtractResource<T>>>,
): UseQueryResult<Bundle<ExtractResource<T>>, Problem> {
  const key = [api.fhir.path(type, id, '_history'), query];
  return useReading(key, (signal) => api.fhir.history(type, id, query, { signal }), reading);
}
