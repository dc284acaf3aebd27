// What an allergy on a chart says: whether it stands, whether it says that there is none, and how bad it is.

import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { isUnasked, type NoneKnown, noneKnownIn } from './none-known.ts';

const OVER: ReadonlySet<string | undefined> = new Set(['inactive', 'resolved']);
const UNTRUE: ReadonlySet<string | undefined> = new Set(['refuted', 'entered-in-error']);

/** It counts now: not over, not refuted, not entered in error. */
export function stands({ clinicalStatus, verificationStatus }: AllergyIntolerance): boolean {
  return (
    !clinicalStatus?.coding?.some(({ code }) => OVER.has(code)) &&
    !verificationStatus?.coding?.some(({ code }) => UNTRUE.has(code))
  );
}

export function isEnteredInError({ verificationStatus }: AllergyIntolerance): boolean {
  return verificationStatus?.coding?.some(({ code }) => code === 'entered-in-error') ?? false;
}

/** The assertion that there is none, where it is one. */
export function noneKnownOf({ code }: Pick<AllergyIntolerance, 'code'>): NoneKnown | undefined {
  return code && noneKnownIn(code);
}

/** It counts now, and is to something: neither that none is known, nor that nobody asked. */
export function isAllergy(allergy: AllergyIntolerance): boolean {
  return stands(allergy) && saysOne(allergy);
}

/** Whether it counts or not. */
export function saysOne({ code }: Pick<AllergyIntolerance, 'code'>): boolean {
  return code === undefined || (!noneKnownIn(code) && !isUnasked(code));
}

export function isSevere({ criticality, reaction }: AllergyIntolerance): boolean {
  return criticality === 'high' || (reaction ?? []).some(({ severity }) => severity === 'severe');
}
