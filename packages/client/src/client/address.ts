// How the table of addresses writes a row.

import type { Row } from '#contract/row.ts';

/** How a row is written in the table of addresses: its method and path, before them how it answers unless with JSON. */
export type AddressOf<R extends Row> = `${KindOf<R>}${R['method']} ${R['path']}`;

type KindOf<R extends Row> = R['answer'] extends { readonly messages: unknown }
  ? 'stream '
  : R['answer'] extends { readonly type: string }
    ? 'file '
    : '';

/** The address of every row. */
export type AddressesOf<T> = { readonly [K in keyof T]: T[K] extends Row ? AddressOf<T[K]> : AddressesOf<T[K]> };
