// The diagnostic service section of a report or order: laboratory, imaging, or neither.

import type { CodeableConcept } from '@medplum/fhirtypes';
import { DIAGNOSTIC_SERVICE, LOINC, OBSERVATION_CATEGORY, SNOMED } from '#kit/systems.ts';
import { hasCoding, hasText } from './codings.ts';

// HL7 v2 table 0074; the LOINC parts are those of US Core's DiagnosticReport categories, the SNOMED codes its order categories.
const LABORATORY = {
  [DIAGNOSTIC_SERVICE]: set('LAB BG BLB CG CH CP GE HM IMM MB MCB MYC OSL PAR PAT SP SR TX URN VR'),
  [LOINC]: set('LP7839-6'),
  [SNOMED]: set('108252007 15220000'),
  [OBSERVATION_CATEGORY]: set('laboratory'),
};
const IMAGING = {
  [DIAGNOSTIC_SERVICE]: set('RAD CT CUS IMG NMR NMS OUS RUS RX VUS XRC'),
  [LOINC]: set('LP29684-5'),
  [SNOMED]: set('363679005 394914008'),
  [OBSERVATION_CATEGORY]: set('imaging'),
};

type Concepts = CodeableConcept | readonly CodeableConcept[] | undefined;

export function isLaboratory(category: Concepts): boolean {
  return matches(category, LABORATORY) || hasText(category, /\blab(orator(y|ies))?\b/i);
}

export function isImaging(category: Concepts): boolean {
  return matches(category, IMAGING) || hasText(category, /\b(radiology|imaging)\b/i);
}

function matches(category: Concepts, service: Readonly<Record<string, ReadonlySet<string>>>): boolean {
  return Object.entries(service).some(([system, codes]) => hasCoding(category, system, codes));
}

function set(codes: string): ReadonlySet<string> {
  return new Set(codes.split(' '));
}
