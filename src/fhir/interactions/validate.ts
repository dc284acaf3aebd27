// [type]/$validate: what a write of this resource would be refused for, without writing it.

import type { ResourceType } from '@medplum/fhirtypes';
import { validate as faultsOf } from '#r4/validate.ts';
import type { Reading } from '../interaction.ts';
import { outcomeOfFaults } from '../outcome.ts';
import { resourceOf } from './resource-body.ts';

/** http://hl7.org/fhir/R4/resource-operation-validate.html: the resource as it is, or in Parameters as `resource`. */
export const validate: Reading = {
  kind: 'reading',
  async run(_door, request) {
    const resource = resourceOf({ ...request, body: resourceIn(request.body, request.type) });
    return { status: 200, resource: outcomeOfFaults(faultsOf(resource)) };
  },
};

function resourceIn(body: unknown, type: ResourceType): unknown {
  if (type === 'Parameters' || !isObject(body) || body.resourceType !== 'Parameters') return body;
  const parameters: unknown[] = Array.isArray(body.parameter) ? body.parameter : [];
  return parameters.filter(isObject).find(({ name }) => name === 'resource')?.resource;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
