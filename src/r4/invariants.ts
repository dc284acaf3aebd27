// The invariants of FHIR's types: FHIRPath that must come to true. https://hl7.org/fhir/R4/conformance-rules.html#constraints

import { type Constraint, evalFhirPathTyped, type FhirPathAtom, parseFhirPath, toTypedValue } from '@medplum/core';

export interface Invariant {
  readonly key: string;
  /** What the definition says about it, with its key. */
  readonly message: string;
  holds(value: unknown, around: { readonly resource: object; readonly root: object }): boolean;
}

/**
 * Not checked. dom-3 asks whether every contained resource is referred to, which needs functions the library lacks and
 * hurts nobody; csd-1 and que-2 and ctm-1 need `descendants()` with types or `resolve()`; sdf-* and eld-19 concern the
 * definitions of FHIR itself.
 */
const SKIPPED = /^(dom-3|ctm-1|csd-1|sdf-.*|eld-19)$/;

const UCUM = toTypedValue('http://unitsofmeasure.org');
const compiled = new Map<string, FhirPathAtom>();

/** The invariants of `constraints` for values of `type`, without those of `except`. */
export function invariantsOf(
  constraints: readonly Constraint[] | undefined,
  type: string,
  except: readonly Constraint[] = [],
): Invariant[] {
  return (constraints ?? [])
    .filter(({ key }) => !SKIPPED.test(key) && !except.some((other) => other.key === key))
    .map(({ key, expression, description }) => ({
      key,
      message: `${description.trim().replace(/\.$/, '')} (${key}).`,
      holds: (value, { resource, root }) => {
        const typed = { type, value };
        const variables = {
          '%context': typed,
          '%ucum': UCUM,
          '%resource': toTypedValue(resource),
          '%rootResource': toTypedValue(root),
        };
        const result = evalFhirPathTyped(ast(expression), [typed], variables);
        return result.length !== 1 || result[0]!.value !== false;
      },
    }));
}

function ast(expression: string): FhirPathAtom {
  let atom = compiled.get(expression);
  if (!atom) {
    atom = parseFhirPath(expression);
    compiled.set(expression, atom);
  }
  return atom;
}
