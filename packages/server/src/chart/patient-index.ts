// The search index of patients, in addition to R4's parameters: words of names, identifiers, e-mail addresses, and telephone
// numbers by their digits, forward and backward.

import type { Patient } from '@medplum/fhirtypes';
import { indexRecord } from '#r4/search-index.ts';
import { nameWords, phoneDigits } from '#r4/search-text.ts';
import type { SearchIndex } from '#store/contract.ts';

/** Our own parameters in the string index. Migrations 0006, 0013, and 0022 wrote the same for earlier patients. */
export const WORD = '_word';
export const PHONE = '_phone';
export const PHONE_END = '_phone-end';

/** `MRN-00417` is `mrn00417`, as one. */
export function compact(text: string): string {
  return nameWords(text).join('');
}

/** An identifier, its last part, and that without leading zeros. */
function identifierWords(value: string): string[] {
  const tail = nameWords(value).at(-1) ?? '';
  return [compact(value), ...(/\d/.test(tail) ? [tail, tail.replace(/^0+/, '')] : [])].filter(Boolean);
}

export function indexPatient(patient: Patient): SearchIndex {
  const index = indexRecord(patient);
  const after = (prefix: string): string[] =>
    index.tokens.flatMap((token) => (token.startsWith(prefix) ? [token.slice(prefix.length)] : []));
  const names = index.strings.flatMap(({ p, v }) => (p === 'name' ? [v] : []));
  const emails = after('email=|').flatMap((email) => [compact(email), ...nameWords(email)]);
  const words = [...names.flatMap(nameWords), ...after('identifier=|').flatMap(identifierWords), ...emails];
  const phones = [...after('phone=|'), ...after('telecom=sms|')].map(phoneDigits).filter(Boolean);
  return {
    ...index,
    strings: [...index.strings, ...rows(WORD, words), ...rows(PHONE, phones), ...rows(PHONE_END, phones.map(reversed))],
  };
}

export function reversed(digits: string): string {
  return [...digits].reverse().join('');
}

function rows(p: string, values: readonly string[]): SearchIndex['strings'] {
  return [...new Set(values)].map((v) => ({ p, v, x: v }));
}
