// Queries on coded elements.

import type { CodeableConcept } from '@medplum/fhirtypes';

/** True when any of the concepts carries one of `codes` of `system`. */
export function hasCoding(
  concepts: CodeableConcept | readonly CodeableConcept[] | undefined,
  system: string,
  codes: ReadonlySet<string>,
): boolean {
  return asList(concepts).some((concept) =>
    concept.coding?.some((coding) => coding.system === system && coding.code !== undefined && codes.has(coding.code)),
  );
}

/** True when a concept without any code says so in words. Codes take precedence: the text of a coded concept is ignored. */
export function hasText(concepts: CodeableConcept | readonly CodeableConcept[] | undefined, pattern: RegExp): boolean {
  return asList(concepts).some(
    (concept) => !concept.coding?.some(({ code }) => code) && pattern.test(concept.text ?? ''),
  );
}

function asList(concepts: CodeableConcept | readonly CodeableConcept[] | undefined): readonly CodeableConcept[] {
  if (concepts === undefined) return [];
  return isList(concepts) ? concepts : [concepts];
}

// Array.isArray does not narrow readonly arrays.
function isList(concepts: CodeableConcept | readonly CodeableConcept[]): concepts is readonly CodeableConcept[] {
  return Array.isArray(concepts);
}
