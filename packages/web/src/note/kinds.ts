// The command types as the server describes them.

import { useMemo } from 'react';
import type { CommandType } from '@chartwire/client/internal/contract/commands';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';

export type Kind = CommandType;
export type Kinds = ReadonlyMap<string, Kind>;

/** They change with the server's version only. */
function useKinds() {
  return useApi(api.commands.list, {}, { staleTime: Number.POSITIVE_INFINITY });
}

/** The same by key. */
export function useKindMap(): Omit<ReturnType<typeof useKinds>, 'data'> & { readonly data: Kinds | undefined } {
  const read = useKinds();
  const items = read.data?.items;
  const data = useMemo(() => items && new Map(items.map((kind) => [kind.key, kind])), [items]);
  return { ...read, data };
}
