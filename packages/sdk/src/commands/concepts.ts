// A selected option as a FHIR concept: its codes, and the words shown.

import type { CodeableConcept } from '@medplum/fhirtypes';
import type { CommandDesk } from '#kit/command-desk.ts';
import { filled } from '#kit/filled.ts';
import type { Option } from '#kit/schema.ts';
import { CPT, CVX, HCPCS, ICD10CM, LOINC, RXNORM, SNOMED } from '#kit/systems.ts';
import { CPT_CODE, HCPCS_CODE } from '#records/billing-code.ts';

/** Formats of codes, so that typed words don't become a nonexistent code. */
const CODES: Readonly<Record<string, { readonly name: string; readonly form: RegExp }>> = {
  [ICD10CM]: { name: 'ICD-10-CM', form: /^[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?$/ },
  [LOINC]: { name: 'LOINC', form: /^\d{1,7}-\d$/ },
  [RXNORM]: { name: 'RxNorm', form: /^\d{1,8}$/ },
  [SNOMED]: { name: 'SNOMED CT', form: /^\d{6,18}$/ },
  [CVX]: { name: 'CVX', form: /^\d{2,3}$/ },
  [HCPCS]: { name: 'HCPCS', form: HCPCS_CODE },
  [CPT]: { name: 'CPT', form: CPT_CODE },
};

export function concept(system: string, code: string, display: string): CodeableConcept {
  return { coding: [{ system, code, display }] };
}

/**
 * The option's codings. If it has none (a plugin or client may send only the code), it is a code of the one system in `systems`
 * whose format it matches. If none or several match, it is words.
 */
export function conceptOf(option: Option, ...systems: readonly string[]): CodeableConcept {
  const text = option.text.trim() || option.value;
  if (option.coding?.length) return { coding: option.coding.map(filled), text };
  const [system, ...others] = systems.filter((candidate) => CODES[candidate]?.form.test(option.value));
  if (system === undefined || others.length > 0) return { text };
  return { coding: [{ system, code: option.value, display: text }], text };
}

/** The same where words aren't enough: refuses an option without a code of the systems. */
export function codedConcept(
  desk: CommandDesk,
  field: string,
  option: Option,
  ...systems: readonly string[]
): CodeableConcept {
  const made = conceptOf(option, ...systems);
  if (made.coding?.some(({ system }) => system !== undefined && systems.includes(system))) return made;
  const names = systems.map((system) => CODES[system]?.name ?? system);
  throw desk.refused(field, `A code of ${names.join(' or ')} is needed. Pick one of the options.`);
}
