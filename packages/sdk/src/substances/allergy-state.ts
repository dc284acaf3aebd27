// The meaning of an allergy on a chart: whether it is current, whether it says "none known", and its severity.

import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { isUnasked, type NoneKnown, noneKnownIn } from './none-known.ts';

const OVER: ReadonlySet<string | undefined> = new Set(['inactive', 'resolved']);
const UNTRUE: ReadonlySet<string | undefined> = new Set(['refuted', 'entered-in-error']);

/** Currently valid: not over, refuted, or entered in error. */
export function stands({ clinicalStatus, verificationStatus }: AllergyIntolerance): boolean {
  return (
    !clinicalStatus?.coding?.some(({ code }) => OVER.has(code)) &&
    !verificationStatus?.coding?.some(({ code }) => UNTRUE.has(code))
  );
}

export function isEnteredInError({ verificationStatus }: AllergyIntolerance): boolean {
  return verificationStatus?.coding?.some(({ code }) => code === 'entered-in-error') ?? false;
}

/** The assertion that there is none, if it is one. */
export function noneKnownOf({ code }: Pick<AllergyIntolerance, 'code'>): NoneKnown | undefined {
  return code && noneKnownIn(code);
}

/** Currently valid and about a substance: neither "none known" nor "not asked". */
export function isAllergy(allergy: AllergyIntolerance): boolean {
  return stands(allergy) && saysOne(allergy);
}

/** Whether or not it is current. */
export function saysOne({ code }: Pick<AllergyIntolerance, 'code'>): boolean {
  return code === undefined || (!noneKnownIn(code) && !isUnasked(code));
}

export function isSevere({ criticality, reaction }: AllergyIntolerance): boolean {
  return criticality === 'high' || (reaction ?? []).some(({ severity }) => severity === 'severe');
}
