// The resource in a request's body, checked for shape only: the chart validates what it writes.

import type { Resource } from '@medplum/fhirtypes';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { FhirRequest } from '../interaction.ts';

/** Throws `request.malformed`, `record.identity` or `record.invalid`. The rest of it is still unproven. */
export function resourceOf({ body, type }: FhirRequest): Resource {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Refusal('request.malformed', { reason: 'it must be one FHIR resource as a JSON object' });
  }
  const given: unknown = 'resourceType' in body ? body.resourceType : undefined;
  if (typeof given === 'string' && given !== type) {
    throw new Refusal('record.identity', { reason: `the resourceType of the body must be ${type}` });
  }
  if (given !== type) {
    throw new Refusal('record.invalid', { type, reason: 'it has no resourceType' }, [
      { path: 'resourceType', message: `resourceType must be ${type} here.`, issue: 'structure' },
    ]);
  }
  return body as Resource;
}
