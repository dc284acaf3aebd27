// Required bindings: a code, Coding or CodeableConcept must be of the value set its element is bound to.
// https://hl7.org/fhir/R4/terminologies.html#required

import { definitions } from './definitions.ts';

type Expansion = Readonly<Record<string, readonly string[] | null>>;

/** What is wrong with a value, as the end of a sentence; undefined if its binding is met, or it is malformed anyway. */
type BindingCheck = (value: unknown) => string | undefined;

/** Undefined when there is nothing to check: the value set is not published with R4, or the type is not bound. */
export function bindingCheck(url: string, type: string): BindingCheck | undefined {
  const expansion = definitions().valueSets[url];
  if (!expansion) return undefined;
  const otherwise = sentence(url, expansion);
  if (type === 'code') {
    if (Object.values(expansion).includes(null)) return undefined;
    const codes: ReadonlySet<unknown> = new Set(Object.values(expansion).flat());
    return (value) => (codes.has(value) ? undefined : otherwise);
  }
  const bySystem = new Map(Object.entries(expansion).map(([system, codes]) => [system, codes && new Set(codes)]));
  const holds = (coding: { system?: unknown; code?: unknown }): boolean => {
    const codes = typeof coding.system === 'string' ? bySystem.get(coding.system) : undefined;
    return codes === null || (codes !== undefined && typeof coding.code === 'string' && codes.has(coding.code));
  };
  if (type === 'Coding') return (value) => (holds(value as object) ? undefined : otherwise);
  if (type === 'CodeableConcept') {
    return (value) => {
      const { coding } = value as { coding?: readonly object[] };
      return coding?.some(holds) ? undefined : otherwise;
    };
  }
  return undefined;
}

/** Names the codes when they are few; a system is named where the code alone would not do. */
function sentence(url: string, expansion: Expansion): string {
  const all = Object.values(expansion).flatMap((codes) => codes ?? []);
  const systems = Object.keys(expansion);
  const from = systems.length === 1 ? `${systems[0]}` : `value set ${url}`;
  return all.length > 0 && all.length <= 16 ? `must be one of ${all.join(', ')} (${from})` : `must be a code of ${url}`;
}
