// Proved by tsc, never run: the list of R4 types is complete, and each has its kinds.

import type { Appointment, ResourceType } from '@medplum/fhirtypes';
import { became, type Change, defineRecord } from '#kit/record-kind.ts';
import type { GenericKind, NamedKind } from '#records/index.ts';
import type { R4ResourceType } from '#records/resource-types.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Assert<T extends true> = T;

/** Types of @medplum/fhirtypes that are not of FHIR R4. One more of them, or of R4's own, does not compile. */
type NotR4 =
  | 'AccessPolicy'
  | 'Agent'
  | 'AsyncJob'
  | 'Bot'
  | 'BulkDataExport'
  | 'ClientApplication'
  | 'Cron'
  | 'DicomInstance'
  | 'DicomSeries'
  | 'DicomStudy'
  | 'DomainConfiguration'
  | 'Enterprise'
  | 'JsonWebKey'
  | 'Login'
  | 'Package'
  | 'PackageInstallation'
  | 'PackageRelease'
  | 'Project'
  | 'ProjectMembership'
  | 'SmartAppLaunch'
  | 'SmartHealthLink'
  | 'SubscriptionStatus'
  | 'User'
  | 'UserConfiguration'
  | 'UserSecurityRequest';
export type ListIsComplete = Assert<Equal<Exclude<ResourceType, R4ResourceType>, NotR4>>;

export type EveryTypeHasAKind = Assert<Equal<(NamedKind | GenericKind)['resource'], R4ResourceType>>;
export type NoGenericKindOfANamedType = Assert<Equal<Extract<GenericKind['resource'], 'Task' | 'Immunization'>, never>>;
export type GenericKindOfWhatIsLeft = Assert<
  Equal<Extract<GenericKind['resource'], 'Observation' | 'DiagnosticReport'>, 'Observation' | 'DiagnosticReport'>
>;

defineRecord({
  prefix: 'X',
  resource: 'Observation',
  label: 'X',
  summary: 'x',
  // @ts-expect-error: an Observation has no intent
  is: ({ intent }) => intent === 'order',
});

export function wrongTransition(change: Change<Appointment>): boolean {
  // @ts-expect-error: not a status of appointments
  return became(change, ({ status }) => status === 'canceled');
}
