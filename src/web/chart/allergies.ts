// Allergies in words: what to, how bad, and whether somebody asked and there are none.

import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { codeText, conceptText } from '../fhir/words.ts';

/** SNOMED CT: no known allergy, and of drugs, food and the environment. */
const NONE_KNOWN = ['716186003', '409137002', '429625007', '428607008'];

export function isNoneKnown({ code }: AllergyIntolerance): boolean {
  return code?.coding?.some((coding) => NONE_KNOWN.includes(coding.code ?? '')) ?? false;
}

export function isPresent({ clinicalStatus, verificationStatus }: AllergyIntolerance): boolean {
  const status = codeText(clinicalStatus?.coding);
  return status !== 'inactive' && status !== 'resolved' && codeText(verificationStatus?.coding) !== 'refuted';
}

export function isSevere({ criticality, reaction }: AllergyIntolerance): boolean {
  return criticality === 'high' || (reaction ?? []).some(({ severity }) => severity === 'severe');
}

/** `Hives, wheezing (severe)`. */
export function reactionText({ reaction = [] }: AllergyIntolerance): string {
  return reaction
    .map(({ manifestation, description, severity }) => {
      const shown = manifestation.map(conceptText).filter(Boolean).join(', ') || description;
      return [shown, severity && `(${severity})`].filter(Boolean).join(' ');
    })
    .filter(Boolean)
    .join('; ');
}
