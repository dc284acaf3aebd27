// The invariants of FHIR's types: FHIRPath that must not come to false. https://hl7.org/fhir/R4/conformance-rules.html#constraints

import type { Constraint } from '@medplum/core';
import { compile } from './fhirpath.ts';
import { type Scope, type Truth, truthOf } from './fhirpath-branch.ts';
import { Unsupported } from './fhirpath-parse.ts';
import { hasNarrativeContent, narrativeFault } from './narrative.ts';
import { isResourceType } from './resource-types.ts';

export interface Invariant {
  readonly key: string;
  /** What the definition says about it, with its key, when `value` does not meet it. */
  fault(value: unknown, scope: Scope): string | undefined;
}

/** What FHIRPath cannot say by itself: the definitions leave it to a function `htmlChecks()`. */
const NARRATIVE: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  'txt-1': (value) => {
    const fault = narrativeFault(value);
    return fault && `A narrative is well-formed XHTML of formatting, without scripts (txt-1): ${fault}.`;
  },
  'txt-2': (value) => (hasNarrativeContent(value) ? undefined : 'A narrative must have some text or an image (txt-2).'),
};

/**
 * Not checked: dom-3 (a contained resource is referred to from somewhere) is kept by few writers and needs types of
 * every descendant; ctm-1 needs the record at the other end of a reference.
 */
const SKIPPED: ReadonlySet<string> = new Set(['dom-3', 'ctm-1']);

/** R4 asks `answer is Boolean`, which no answer is: that is FHIRPath's own type, not FHIR's. */
const CORRECTED: Readonly<Record<string, string>> = {
  'que-7': "operator = 'exists' implies (answer is boolean)",
};

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

/** Neither true nor false (dates of different precision, quantities of other units): there is nothing to object to. */
function isBroken(truth: Truth, value: unknown, scope: Scope): boolean {
  try {
    return truth(value, scope) === false;
  } catch (error) {
    if (error instanceof Unsupported) return false;
    throw error;
  }
}

function invariant(
  { key, expression, description }: Constraint,
  type: string,
  resource: string,
): Invariant | undefined {
  const narrative = NARRATIVE[key];
  if (narrative) return { key, fault: narrative };
  const message = `${description.trim().replace(/\.$/, '')} (${key}).`;
  try {
    const truth = truthOf(compile(CORRECTED[key] ?? expression, type, resource));
    return { key, fault: (value, scope) => (isBroken(truth, value, scope) ? message : undefined) };
  } catch (error) {
    // Some rules about definitions of FHIR itself need more of FHIRPath: test/r4/invariants.test.ts lists them.
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}
