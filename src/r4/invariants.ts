// The invariants of FHIR's types: FHIRPath that must not come to false. https://hl7.org/fhir/R4/conformance-rules.html#constraints

import type { Constraint } from '@medplum/core';
import { compile, Unsupported } from './fhirpath.ts';
import { type Scope, truthOf } from './fhirpath-branch.ts';
import { hasNarrativeContent, isSafeNarrative } from './narrative.ts';
import { isResourceType } from './resource-types.ts';

export interface Invariant {
  readonly key: string;
  /** What the definition says about it, with its key. */
  readonly message: string;
  holds(value: unknown, scope: Scope): boolean;
}

/** What FHIRPath cannot say by itself: the definitions leave it to a function `htmlChecks()`. */
const NARRATIVE: Readonly<Record<string, (value: unknown) => boolean>> = {
  'txt-1': isSafeNarrative,
  'txt-2': hasNarrativeContent,
};

/**
 * Not checked: dom-3 (a contained resource is referred to from somewhere) is kept by few writers and needs types of
 * every descendant; ctm-1 needs the record at the other end of a reference.
 */
const SKIPPED: ReadonlySet<string> = new Set(['dom-3', 'ctm-1']);

/**
 * The invariants of `constraints` for values of `type`, without those that `except` has too.
 * @param path of the element, which tells the resource it is in: `Observation.component`.
 */
export function invariantsOf(
  constraints: readonly Constraint[] | undefined,
  type: string,
  path: string,
  except: readonly Constraint[] = [],
): Invariant[] {
  const [first] = path.split('.');
  const resource = isResourceType(first) ? first : 'DomainResource';
  return (constraints ?? [])
    .filter(({ key }) => !SKIPPED.has(key) && !except.some((other) => other.key === key))
    .flatMap((constraint) => invariant(constraint, type, resource) ?? []);
}

function invariant(
  { key, expression, description }: Constraint,
  type: string,
  resource: string,
): Invariant | undefined {
  const message = `${description.trim().replace(/\.$/, '')} (${key}).`;
  const narrative = NARRATIVE[key];
  if (narrative) return { key, message, holds: narrative };
  try {
    const truth = truthOf(compile(expression, type, resource));
    // Neither true nor false (dates of different precision, other units): there is nothing to object to.
    return { key, message, holds: (value, scope) => truth(value, scope) !== false };
  } catch (error) {
    // Some rules about definitions of FHIR itself need more of FHIRPath: test/r4/invariants.test.ts lists them.
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}
