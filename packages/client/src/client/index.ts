// A client for a Chartwire server, for browsers and programs: each operation of /api, typed by its row of the contract, and the
// records of the FHIR API.
//
//   const chartwire = createClient({ url: 'https://chart.example.org', token });
//   const { items, next } = await chartwire.tasks.list({ query: { assignee: 'me', limit: 20 } });
//   for await (const { id, data } of chartwire.events.stream({ after })) console.log(data.type);

import type { Contract } from '#contract/index.ts';
import type { Row } from '#contract/row.ts';
import { ADDRESSES } from './addresses.ts';
import { Fhir } from './fhir.ts';
import { type Kind, type Method, methodAt } from './method.ts';
import { type ClientOptions, Transport } from './transport.ts';

export type { Stored } from './fhir.ts';
export type { Message } from './messages.ts';
export type { JsonMethod, Method, RequestOf } from './method.ts';
export { Problem, problemIn } from './problem.ts';
export type { ClientOptions, Query, Sending, Upload } from './transport.ts';

/** One method per row, grouped as in the contract. */
export type MethodsOf<T> = { readonly [K in keyof T]: T[K] extends Row ? Method<T[K]> : MethodsOf<T[K]> };

/** The methods of /api in their groups (`client.tasks.list`), and `fhir` for records. */
export interface Client extends MethodsOf<Contract> {
  readonly fhir: Fhir;
}

/** The addresses at run time, untyped. */
interface Addresses {
  readonly [name: string]: string | Addresses;
}

/** Makes a client. Opens no connection: each call is a request of its own. */
export function createClient(options: ClientOptions = {}): Client {
  const transport = new Transport(options);
  return { ...(methodsAt(transport, ADDRESSES) as MethodsOf<Contract>), fhir: new Fhir(transport) };
}

function methodsAt(transport: Transport, addresses: Addresses): object {
  const methods = Object.entries(addresses).map(([name, address]) => {
    if (typeof address !== 'string') return [name, methodsAt(transport, address)];
    const [, kind = 'json', at] = /^(?:(file|stream) )?(.*)$/.exec(address) as unknown as [string, Kind?, string?];
    return [name, methodAt(transport, at!, kind)];
  });
  return Object.fromEntries(methods);
}
