// Whether a record is a valid FHIR R4 resource: structure, formats, required codes, references and invariants.

import type { ExtractResource, ResourceType } from '@medplum/fhirtypes';
import { type Fault, Refusal } from '@chartwire/sdk/internal/kit/errors';
import { isResourceType } from './resource-types.ts';
import { checkOf, MAX_FAULTS, type Visit } from './structure.ts';

export interface ValidateOptions {
  /** Accept `Patient?identifier=...` as a reference: in a transaction bundle that is yet to be resolved. */
  readonly conditionalReferences?: boolean;
}

/**
 * What is wrong with a resource, at most 100 faults; none for a valid one. Each path is a FHIRPath expression
 * (`Observation.component[1].value.ofType(Quantity).unit`); no message holds a value of the record. Never throws.
 */
export function validate(resource: unknown, options: ValidateOptions = {}): Fault[] {
  if (typeof resource !== 'object' || resource === null || Array.isArray(resource)) {
    return [{ path: '', message: 'A resource must be a JSON object.', issue: 'structure' }];
  }
  const type = (resource as { resourceType?: unknown }).resourceType;
  if (!isResourceType(type)) {
    return [
      { path: 'resourceType', message: 'resourceType must name a resource type of FHIR R4.', issue: 'structure' },
    ];
  }
  const isTransaction = type === 'Bundle' && (resource as { type?: unknown }).type === 'transaction';
  const visit: Visit = {
    faults: [],
    depth: 0,
    resource,
    root: resource,
    conditional: options.conditionalReferences ?? isTransaction,
  };
  checkOf(type)(resource, visit);
  return visit.faults.slice(0, MAX_FAULTS).map(({ path, message, issue }) => ({ path: type + path, message, issue }));
}

/**
 * The body of a request as a valid resource.
 * @param type what it must be; undefined for any resource type.
 * @throws Refusal `record.invalid` with the faults.
 */
export function parseResource<T extends ResourceType>(
  type: T | undefined,
  body: unknown,
  options: ValidateOptions = {},
): ExtractResource<T> {
  const faults = [...validate(body, options)];
  const actual = (body as { resourceType?: unknown } | null | undefined)?.resourceType;
  if (type && isResourceType(actual) && actual !== type) {
    faults.unshift({ path: 'resourceType', message: `resourceType must be ${type} here.`, issue: 'structure' });
  }
  if (faults.length > 0) {
    throw new Refusal(
      'record.invalid',
      { type: type ?? (isResourceType(actual) ? actual : 'The body'), reason: reasonOf(faults) },
      faults,
    );
  }
  return body as ExtractResource<T>;
}

/** The `reason` of a Refusal `record.invalid`: the first fault, and the number of others. */
export function reasonOf(faults: readonly Fault[]): string {
  const [first, ...others] = faults;
  const more =
    others.length === 0 ? '' : others.length === 1 ? ', and one more fault' : `, and ${others.length} more faults`;
  return `at ${first!.path || 'the top'}: ${first!.message.replace(/\.$/, '')}${more}`;
}
