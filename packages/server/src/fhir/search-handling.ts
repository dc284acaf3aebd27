// Search parameters that are passed over, and the warning that says so. http://hl7.org/fhir/R4/search.html#errors

import type { ResourceType } from '@medplum/fhirtypes';
import { type Fault, Refusal } from '@chartwire/sdk/internal/kit/errors';
import { searchParameter } from '#r4/search-parameters.ts';
import { CONTROL } from '#store/search/request.ts';
import type { Handling } from './headers.ts';

export interface Heeded {
  /** What is searched by. */
  readonly query: URLSearchParams;
  /** What was passed over, in words. */
  readonly passed: readonly Fault[];
}

/**
 * Ignores a parameter without a value, unless `handling=strict`; ignores an unknown one only with `handling=lenient`. Throws
 * `search.parameter`.
 */
export function heeded(type: ResourceType, query: URLSearchParams, handling: Handling | undefined): Heeded {
  const kept = new URLSearchParams();
  const passed: Fault[] = [];
  for (const [name, value] of query) {
    const unheeded = faultOf(type, name, value, handling);
    if (unheeded) passed.push(unheeded);
    else kept.append(name, value);
  }
  return { query: kept, passed };
}

function faultOf(type: ResourceType, name: string, value: string, handling: Handling | undefined): Fault | undefined {
  // The name comes from the sender: quoted only if it looks like a parameter name.
  const parameter = /^[\w:.-]{1,100}$/.test(name) ? name : 'given';
  if (value.trim() === '') {
    const empty = new Refusal('search.parameter', { parameter, reason: 'it has no value' });
    if (handling === 'strict') throw empty;
    return { path: '', message: `The search parameter ${parameter} was passed over: it has no value.`, issue: 'value' };
  }
  if (handling !== 'lenient' || isKnown(type, name)) return undefined;
  const message = `The search parameter ${parameter} was passed over: it is not supported on ${type}.`;
  return { path: '', message, issue: 'not-supported' };
}

function isKnown(type: ResourceType, name: string): boolean {
  if (CONTROL.test(name) || name.startsWith('_has:')) return true;
  const parameter = searchParameter(type, name.split(/[:.]/)[0]!);
  return parameter !== undefined && parameter.type !== 'composite' && parameter.type !== 'special';
}
