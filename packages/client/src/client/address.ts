// The type of each entry in the table of addresses.

import type { Row } from '#contract/row.ts';

/** An entry: `GET /api/tasks/:id`, with `file ` or `stream ` in front when the row doesn't answer with JSON. */
export type AddressOf<R extends Row> = `${KindOf<R>}${R['method']} ${R['path']}`;

type KindOf<R extends Row> = R['answer'] extends { readonly messages: unknown }
  ? 'stream '
  : R['answer'] extends { readonly type: string }
    ? 'file '
    : '';

/** The address of every row. */
export type AddressesOf<T> = { readonly [K in keyof T]: T[K] extends Row ? AddressOf<T[K]> : AddressesOf<T[K]> };
