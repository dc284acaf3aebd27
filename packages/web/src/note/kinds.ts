// The command types as the server describes them.

import { useMemo } from 'react';
import type { FieldKind } from '@chartwire/sdk/internal/commands/control';
import type { CommandKind } from '@chartwire/sdk/internal/kit/command-kind';
import { useApi } from '../api/queries.ts';

export interface Kind extends Pick<CommandKind, 'key' | 'prefix' | 'label' | 'summary'> {
  readonly review: boolean;
  readonly actions: readonly string[];
  readonly fields: Readonly<Record<string, FieldKind>>;
}

export type Kinds = ReadonlyMap<string, Kind>;

/** They change with the server's version only. */
export function useKinds() {
  return useApi<{ readonly items: readonly Kind[] }>('/api/commands', {}, { staleTime: Number.POSITIVE_INFINITY });
}

/** The same by key. */
export function useKindMap(): Omit<ReturnType<typeof useKinds>, 'data'> & { readonly data: Kinds | undefined } {
  const read = useKinds();
  const items = read.data?.items;
  const data = useMemo(() => items && new Map(items.map((kind) => [kind.key, kind])), [items]);
  return { ...read, data };
}
