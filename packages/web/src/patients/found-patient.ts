// A patient as the search of patients gives them.

import type { PatientShape as FoundPatient } from '@chartwire/client/internal/contract/patients';
import { fitsWords } from '../ui/fits.ts';

export type { FoundPatient };

/**
 * Whether a patient is who is typed and no guess at a misspelled name. Days of birth, telephones and numbers are found as
 * they are.
 */
export function isMeant({ name }: FoundPatient, typed: string): boolean {
  const words = typed.split(/[\s,]+/).filter((word) => !/\d/.test(word));
  return typed !== '' && (words.length === 0 || fitsWords(name ?? '', words.join(' ')));
}
