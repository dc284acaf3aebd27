// FHIR's data types in words.

import type { Age, CodeableConcept, Coding, HumanName, Quantity, Range, Reference } from '@medplum/fhirtypes';
import { nameText as personText } from '@chartwire/sdk/internal/records/person';
import { writtenNumber } from '@chartwire/sdk/internal/records/result-text';
import { firstDay, lastDay } from '@chartwire/sdk/internal/kit/partial-date';
import { tableOf } from '../table-of.ts';
import { todayHere } from '../today/days.ts';

export function nameText(names: readonly HumanName[] | undefined): string {
  return personText(names) ?? 'No name';
}

export function conceptText(concept: CodeableConcept | undefined): string {
  return concept?.text ?? concept?.coding?.find(({ display }) => display)?.display ?? codeText(concept?.coding) ?? '';
}

/** The code of the first coding: `E11.9`. */
export function codeText(codings: readonly Coding[] | undefined): string | undefined {
  return codings?.find(({ code }) => code)?.code;
}

export function quantityText(quantity: Quantity | Age | undefined): string {
  if (quantity?.value === undefined) return '';
  const unit = quantity.unit ?? quantity.code ?? '';
  return [quantity.comparator, writtenNumber(quantity), unit === '1' ? '' : unit]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
}

export function rangeText(range: Pick<Range, 'low' | 'high'> | undefined): string {
  const [low, high] = [writtenNumber(range?.low), writtenNumber(range?.high)];
  if (low !== undefined && high !== undefined) return `${low} – ${high}`;
  if (low !== undefined) return `≥ ${low}`;
  return high === undefined ? '' : `≤ ${high}`;
}

/** `Practitioner/123` to `123`. */
export function idOf(reference: Reference | undefined): string | undefined {
  return reference?.reference?.split('/').at(-1);
}

/** Whole years, below two years months, below two months days: as it is said of patients. `on` is a date. */
export function ageText(birthDate: string | null | undefined, on = todayHere()): string {
  if (!birthDate) return '';
  const [born, at] = [firstDay(birthDate), lastDay(on)].map((day) => new Date(day)) as [Date, Date];
  if (Number.isNaN(born.getTime()) || Number.isNaN(at.getTime())) return '';
  const months =
    (at.getUTCFullYear() - born.getUTCFullYear()) * 12 +
    (at.getUTCMonth() - born.getUTCMonth()) -
    (at.getUTCDate() < born.getUTCDate() ? 1 : 0);
  if (months >= 24) return `${Math.floor(months / 12)} y`;
  if (months >= 2) return `${months} mo`;
  return `${Math.max(0, Math.floor((at.getTime() - born.getTime()) / 86_400_000))} d`;
}

const SEX: Readonly<Record<string, string>> = tableOf({ female: 'F', male: 'M', other: 'X', unknown: '?' });

/** `F`, `M`; the word itself in a title. */
export function sexText(gender: string | null | undefined): string {
  return gender ? (SEX[gender] ?? gender) : '';
}

/** Two letters for who has no picture; of `David Osei, MD` those of the name. */
export function initials(name: string): string {
  const words = name.split(',')[0]!.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : '']
    .map((word) => word?.[0] ?? '')
    .join('')
    .toUpperCase();
}
