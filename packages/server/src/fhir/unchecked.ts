// Unchecked claims of a resource, reported in OperationOutcomes so that silence isn't mistaken for approval.

import type { Resource } from '@medplum/fhirtypes';
import type { Fault } from '@chartwire/sdk/internal/kit/errors';
import { keptOnly } from '@chartwire/sdk/internal/records/without-effect';

/** @param asked profiles in the request, in addition to those in the resource */
export function uncheckedIn(resource: Resource, asked: readonly string[] = []): Fault[] {
  const { resourceType: type } = resource;
  const all = [...claimedIn(resource, type), ...asked.map((profile) => ({ profile, type, path: '' }))];
  const kept = keptOnly(resource);
  return [
    ...all
      .filter((one) => one.profile.split('|')[0] !== `http://hl7.org/fhir/StructureDefinition/${one.type}`)
      .map(({ profile, path }) => ({
        path,
        message: `The profile ${profile.slice(0, 500)} was not checked: this server checks FHIR R4 itself, and no profiles.`,
        issue: 'not-supported',
      })),
    ...(kept === undefined ? [] : [{ path: type, message: kept, issue: 'not-supported' }]),
  ];
}

interface Claim {
  readonly profile: string;
  /** Of the resource that claims it. */
  readonly type: string;
  readonly path: string;
}

/** Also by resources within it: contained ones, entries of a Bundle, parameters. */
function claimedIn(value: unknown, path: string): Claim[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => claimedIn(one, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  const { resourceType: type, meta } = value as Partial<Resource>;
  // What is validated may be of any shape.
  const own: readonly unknown[] = Array.isArray(meta?.profile) ? meta.profile : [];
  return [
    ...own.flatMap((profile, index) =>
      type !== undefined && typeof profile === 'string'
        ? [{ profile, type, path: `${path}.meta.profile[${index}]` }]
        : [],
    ),
    ...Object.entries(value).flatMap(([name, part]) => claimedIn(part, `${path}.${name}`)),
  ];
}
