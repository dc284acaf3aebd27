// What a resource claims and nobody checks: said in OperationOutcomes, so that silence is not taken for approval.

import type { Resource } from '@medplum/fhirtypes';
import type { Fault } from '@chartwire/sdk/internal/kit/errors';
import { keptOnly } from '@chartwire/sdk/internal/records/without-effect';

/** @param asked profiles that the request names, beside those that the resource claims. */
export function uncheckedIn(resource: Resource, asked: readonly string[] = []): Fault[] {
  const { resourceType: type, meta } = resource;
  const claimed = (meta?.profile ?? []).map((profile, index) => ({ profile, path: `${type}.meta.profile[${index}]` }));
  const all = [...claimed, ...asked.map((profile) => ({ profile, path: '' }))];
  const kept = keptOnly(resource);
  return [
    ...all
      .filter(({ profile }) => profile.split('|')[0] !== `http://hl7.org/fhir/StructureDefinition/${type}`)
      .map(({ profile, path }) => ({
        path,
        message: `The profile ${profile.slice(0, 500)} was not checked: this server checks FHIR R4 itself, and no profiles.`,
        issue: 'not-supported',
      })),
    ...(kept === undefined ? [] : [{ path: type, message: kept, issue: 'not-supported' }]),
  ];
}
