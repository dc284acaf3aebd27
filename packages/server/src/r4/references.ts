// What Reference.reference may hold, and what it may point to. https://hl7.org/fhir/R4/references.html#literal

import type { InternalSchemaElement } from '@medplum/core';
import { isResourceType } from './resource-types.ts';

const RELATIVE = /^([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;
const CONDITIONAL = /^([A-Z][A-Za-z]+)\?\S+$/;
/** Absolute: to this server's form on another server, a UUID or an OID inside a bundle, or any other URI. */
const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\S+$/i;

/** Where a reference stands. */
export interface ReferencePlace {
  /** `Type?query` is legal, as in transactions. */
  readonly conditional: boolean;
  /** In a contained resource, which may refer to the one around it by `#`. */
  readonly contained: boolean;
}

/** What is wrong, as the end of a sentence. */
export type ReferenceCheck = (value: unknown, place: ReferencePlace) => string | undefined;

export function referenceCheck(element: InternalSchemaElement): ReferenceCheck {
  const profiles = element.type.find(({ code }) => code === 'Reference')?.targetProfile;
  const targets = profiles?.map((profile) => profile.slice(profile.lastIndexOf('/') + 1));
  const allowed: ReadonlySet<string> | undefined =
    targets && !targets.includes('Resource') ? new Set(targets) : undefined;
  return (value, { conditional, contained }) => {
    const { reference } = value as { reference?: unknown };
    if (typeof reference !== 'string') return undefined;
    if (reference === '#') return contained ? undefined : 'must not refer to the record that it is in';
    if (reference.startsWith('#')) return undefined;
    const literal = RELATIVE.exec(reference) ?? (conditional ? CONDITIONAL.exec(reference) : null);
    if (!literal) {
      return ABSOLUTE.test(reference) ? undefined : 'must refer to Type/id, an absolute URL, urn:uuid:... or #id';
    }
    if (!isResourceType(literal[1])) return 'refers to a type that is not a resource type of FHIR R4';
    if (allowed && !allowed.has(literal[1])) return `may only refer to ${[...allowed].join(', ')}`;
    return undefined;
  };
}
