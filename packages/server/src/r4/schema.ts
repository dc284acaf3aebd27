// The schema of a FHIR type, in the form @medplum/core keeps it (so that its FHIRPath knows the types too). Each
// structure is parsed when its type is first met: parsing all of them takes half a second, a chart uses a few dozen.

import { type InternalSchemaElement, type InternalTypeSchema, loadDataType, tryGetDataType } from '@medplum/core';
import { definitions } from './definitions.ts';

const parsed = new Set<string>();

/** Undefined if it is neither an R4 type nor a known backbone element (`ObservationComponent`). */
export function schemaOf(type: string): InternalTypeSchema | undefined {
  if (!parsed.has(type) && Object.hasOwn(definitions().structures, type)) {
    loadDataType(definitions().structures[type]!);
    parsed.add(type);
  }
  return tryGetDataType(type);
}

/** An element of a type by its name, which may be any text of a client: `constructor` is none. */
export function elementOf(type: string, name: string): InternalSchemaElement | undefined {
  const elements = schemaOf(type)?.elements;
  return elements && Object.hasOwn(elements, name) ? elements[name] : undefined;
}
