// What is read from the server, kept while it is looked at, and read again when an event says that it changed.

import type { Bundle, Resource } from '@medplum/fhirtypes';
import {
  type InfiniteData,
  keepPreviousData,
  QueryClient,
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import { get, Problem, type Query } from './client.ts';
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
    mutations: { networkMode: 'always', retry: false },
  },
});

/** Reads again what these events make stale. */
export function hear(events: readonly Heard[]): void {
  void queries.invalidateQueries({
    predicate: ({ meta }) => {
      const hears = meta?.hears;
      return hears !== undefined && events.some((event) => concerns(hears, event));
    },
  });
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

/** A `GET` of the API. The key is the path and the query, so two that ask the same share it. */
export function useApi<T>(path: string, query: Query = {}, reading: Reading<T> = {}): UseQueryResult<T, Problem> {
  const { hears, enabled, keep, staleTime, every } = reading;
  return useQuery<T, Problem>({
    queryKey: [path, query],
    queryFn: ({ signal }) => get<T>(path, query, signal),
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
export function usePages<T>(
  path: string,
  query: Query = {},
  reading: Omit<Reading, 'keep' | 'every'> = {},
): UseInfiniteQueryResult<readonly T[], Problem> {
  const { hears, enabled } = reading;
  return useInfiniteQuery<Page<T>, Problem, readonly T[], readonly unknown[], string | null>({
    queryKey: [path, query, 'pages'],
    queryFn: ({ pageParam, signal }) => get<Page<T>>(path, { ...query, after: pageParam }, signal),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    select: (data: InfiniteData<Page<T>, string | null>) => data.pages.flatMap(({ items }) => items),
    ...(hears && { meta: { hears } }),
    ...(enabled !== undefined && { enabled }),
  });
}

/** One record of the FHIR door. */
export function useRecord<T extends Resource>(
  type: T['resourceType'],
  id: string | undefined,
  reading: Omit<Reading<T>, 'hears'> = {},
): UseQueryResult<T, Problem> {
  const there = id !== undefined && id !== '';
  return useApi<T>(
    `/fhir/R4/${type}/${id}`,
    {},
    { ...reading, enabled: there && reading.enabled !== false, hears: { types: [type], ...(there && { id }) } },
  );
}

/** A search at the FHIR door; the records that match, without those that were included. */
export function useRecords<T extends Resource>(
  type: T['resourceType'],
  query: Query,
  reading: Omit<Reading, 'hears' | 'every'> & { readonly patient?: string } = {},
): Omit<UseQueryResult<Bundle<T>, Problem>, 'data'> & { readonly data: readonly T[] | undefined } {
  const { patient, ...rest } = reading;
  const found = useApi<Bundle<T>>(`/fhir/R4/${type}`, query, {
    ...rest,
    hears: { types: [type], ...(patient !== undefined && { patient }) },
  });
  const data = found.data?.entry?.flatMap(({ resource, search }) =>
    resource && search?.mode !== 'include' && search?.mode !== 'outcome' ? [resource] : [],
  );
  return { ...found, data: found.data && (data ?? []) };
}
