// A patient as the search of patients gives them.

import type { PatientShape as FoundPatient } from '@chartwire/client/internal/contract/patients';
import { fitsWords } from '../ui/fits.ts';
import { dayText } from '../ui/time.tsx';

export type { FoundPatient };

/**
 * Whether a patient is who is typed and no guess at a misspelled name. Days of birth, telephones and numbers are found as
 * they are.
 */
export function isMeant({ name }: FoundPatient, typed: string): boolean {
  const words = typed.split(/[\s,]+/).filter((word) => !/\d/.test(word));
  return typed !== '' && (words.length === 0 || fitsWords(name ?? '', words.join(' ')));
}

/** The medical record number where there is one. */
export function numberOf(identifiers: FoundPatient['identifiers']): string | undefined {
  return (identifiers.find(({ type }) => /record/i.test(type ?? '')) ?? identifiers[0])?.value;
}

/** A name with what tells it apart from the same name, on one line: `Ana Silva · No. 4711`; a birth date where there is no number. */
export function nameApart(name: string, number: string | null | undefined, birthDate?: string | null): string {
  return [name, number ? `No. ${number}` : dayText(birthDate)].filter(Boolean).join(' · ');
}

/** What tells apart two patients of one name and birth date: number, telephone, address, last visit. */
export function apartText({ identifiers, phone, address, lastVisit }: FoundPatient): string {
  const number = numberOf(identifiers);
  const visit = lastVisit && `last visit ${dayText(lastVisit)}`;
  return [number && `No. ${number}`, phone, address, visit].filter(Boolean).join(' · ');
}
