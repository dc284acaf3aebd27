// What a search asks of a record, one criterion at a time; the same wherever it is answered, in SQL or in memory.
// https://hl7.org/fhir/R4/search.html

import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { SearchParameter } from './search-parameters.ts';

export const PREFIXES = ['eq', 'ne', 'lt', 'gt', 'le', 'ge', 'sa', 'eb', 'ap'] as const;
export type Prefix = (typeof PREFIXES)[number];

/** `exact` tokens and `prefixes` of tokens, any of which matches. */
export interface TokenTest {
  readonly exact: readonly string[];
  readonly prefixes: readonly string[];
}

/** A span of time in milliseconds, half-open. */
export interface DateTest {
  readonly prefix: Prefix;
  readonly low: number;
  readonly high: number;
}

/** A number with the span its precision implies, and for quantities a unit. */
export interface QuantityTest {
  readonly prefix: Prefix;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly system?: string;
  readonly code?: string;
}

export type StringMatch = 'starts' | 'contains' | 'exact';

/** What a record must meet. All values of one criterion are alternatives. */
export type Criterion =
  | { readonly kind: 'id'; readonly ids: readonly string[] }
  | { readonly kind: 'updated'; readonly tests: readonly DateTest[] }
  | { readonly kind: 'token'; readonly test: TokenTest; readonly not: boolean }
  | {
      readonly kind: 'string';
      readonly code: string;
      readonly match: StringMatch;
      readonly texts: readonly string[];
      /** Where names are looked for by their beginning: what a word of one may begin with, and the code that has them. */
      readonly words?: { readonly code: string; readonly texts: readonly string[] };
    }
  | { readonly kind: 'date'; readonly code: string; readonly tests: readonly DateTest[] }
  | { readonly kind: 'quantity'; readonly code: string; readonly tests: readonly QuantityTest[] }
  | { readonly kind: 'missing'; readonly parameter: SearchParameter; readonly missing: boolean }
  /** The record refers, by `code`, to one of a target type that meets its criterion. */
  | {
      readonly kind: 'chain';
      readonly code: string;
      readonly targets: readonly { type: string; criterion: Criterion }[];
    }
  /** A record of `type` refers, by `code`, to this one and meets the criterion. */
  | {
      readonly kind: 'has';
      readonly of: string;
      readonly type: string;
      readonly code: string;
      readonly criterion: Criterion;
    };

export interface CriterionOptions {
  /** The address of this server's FHIR API: absolute references below it are its own. */
  readonly base?: string;
}

export function refuse(name: string, reason: string): never {
  // The name comes from the sender: quoted only if it looks like a parameter name.
  throw new Refusal('search.parameter', { parameter: /^[\w:.-]{1,100}$/.test(name) ? name : 'given', reason });
}
