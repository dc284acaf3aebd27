// Records that ask the server to do something. One that the server wouldn't do is refused, since people would believe it is in
// effect; for a definition that isn't used, the caller gets a warning.

import type { Resource, ResourceType } from '@medplum/fhirtypes';

export interface NoEffect {
  readonly reason: string;
  /** What to do instead. */
  readonly instead: string;
  /** The status with which it can be stored. */
  readonly keptAs: string;
}

interface Row extends NoEffect {
  /** Statuses in which it would seem to be in effect. */
  readonly statuses: readonly string[];
}

const REFUSED: Partial<Record<ResourceType, Row>> = {
  Subscription: {
    statuses: ['requested', 'active'],
    reason: 'this server sends no notifications for Subscriptions yet, so nothing would ever arrive',
    instead:
      'Follow GET /api/events/stream, or install a plugin that answers the event. To keep the record, send it with the status off.',
    keptAs: 'off',
  },
  SearchParameter: {
    statuses: ['active'],
    reason: 'searches go by the parameters of FHIR R4 alone, as /fhir/R4/metadata lists them',
    instead: 'Search by one of those. To keep the definition, send it with the status draft.',
    keptAs: 'draft',
  },
};

/** Why a record would lack an effect that it seems to have; undefined if it can be stored. */
export function noEffectOf(resource: Resource): NoEffect | undefined {
  const row = Object.hasOwn(REFUSED, resource.resourceType) ? REFUSED[resource.resourceType] : undefined;
  const { status } = resource as { readonly status?: string };
  return row && status !== undefined && row.statuses.includes(status) ? row : undefined;
}

const KEPT_ONLY: Partial<Record<ResourceType, string>> = {
  CodeSystem:
    'The code system is kept, but its codes are not offered or checked: load it with `chartwire terms import`.',
  CompartmentDefinition: 'The compartment is kept, but access and $everything go by those of FHIR R4.',
  OperationDefinition: 'The operation is kept, but this server does not carry it out.',
  StructureDefinition: 'The definition is kept, but records are not checked against it.',
  StructureMap: 'The map is kept, but this server does not transform records by it.',
};

/** What a stored definition doesn't do. */
export function keptOnly({ resourceType }: Resource): string | undefined {
  return Object.hasOwn(KEPT_ONLY, resourceType) ? KEPT_ONLY[resourceType] : undefined;
}
