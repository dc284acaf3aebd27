// create, and conditional create: POST [type], with If-None-Exist where a record like it may be there already.

import type { Resource } from '@medplum/fhirtypes';
import { criteriaKey, matchOne, readCriteria } from '../criteria.ts';
import type { FhirRequest, Writing } from '../interaction.ts';
import { localReferences } from '../references.ts';
import { resourceOf } from './resource-body.ts';

export const create: Writing = {
  kind: 'writing',

  keys(request) {
    const criteria = criteriaOf(request);
    return criteria ? [criteriaKey(request.type, criteria)] : [];
  },

  async aim(desk, request) {
    const { type } = request;
    desk.draft.require(type, 'c');
    const criteria = criteriaOf(request, desk.baseUrl);
    const match = criteria && (await matchOne(desk, type, criteria));
    return match ? { action: 'none', type, id: match.id } : { action: 'create', type, id: desk.draft.newId() };
  },

  async apply(desk, request, aim) {
    if (aim.action === 'none') return;
    // An id in the body is no id here: the server gives one (http://hl7.org/fhir/R4/http.html#create).
    const resource: Resource = { ...localReferences(resourceOf(request), request.type, desk.baseUrl), id: aim.id };
    desk.draft.create(resource);
  },
};

/** With `baseUrl`, criteria of another server are refused. */
export function criteriaOf(request: FhirRequest, baseUrl?: string): URLSearchParams | undefined {
  const { ifNoneExist } = request.conditions;
  return ifNoneExist === undefined ? undefined : readCriteria(ifNoneExist, request.type, baseUrl);
}
