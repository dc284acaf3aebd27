// What was picked in a field, as a FHIR concept: its codes, and the words that were shown.

import type { CodeableConcept } from '@medplum/fhirtypes';
import type { CommandDesk } from '#kit/command-desk.ts';
import { filled } from '#kit/filled.ts';
import type { Option } from '#kit/schema.ts';
import { CPT, CVX, HCPCS, ICD10CM, LOINC, RXNORM, SNOMED } from '#kit/systems.ts';
import { CPT_CODE, HCPCS_CODE } from '#records/billing-code.ts';

/** What codes look like. Words that somebody typed must not become a code that does not exist. */
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
 * The option's codings. One without any (a plugin or a client may name the code alone) is a code of that one of the
 * field's `systems` whose codes look like it; where none does, or several do, it is words.
 */
export function conceptOf(option: Option, ...systems: readonly string[]): CodeableConcept {
  const text = option.text.trim() || option.value;
  if (option.coding?.length) return { coding: option.coding.map(filled), text };
  const [system, ...others] = systems.filter((candidate) => CODES[candidate]?.form.test(option.value));
  if (system === undefined || others.length > 0) return { text };
  return { coding: [{ system, code: option.value, display: text }], text };
}

/** The same where words are not enough: refuses what has no code of any of the systems. */
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
