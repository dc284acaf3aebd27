// The named code systems, and the format of their codes. Any other has only its URI.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import {
  ALLERGENS,
  ALLERGY_REACTIONS,
  CVX,
  HCPCS,
  ICD10CM,
  LOINC,
  RXNORM,
  SNOMED,
} from '@chartwire/sdk/internal/kit/systems';

export interface CodeSystem {
  /** `icd10cm`: how the command line and the API may name it. */
  readonly name: string;
  readonly uri: string;
  readonly label: string;
  readonly code: RegExp;
  /** Codes of conditions; the others are reasons for a visit, or causes of injury. */
  readonly disease?: RegExp;
  /** A code in its official notation, from any other. */
  official?(code: string): string;
}

/** A key in a code system of Chartwire's own. */
const OWN_KEY = /^[a-z0-9]+(-[a-z0-9]+)*$/;

export const CODE_SYSTEMS = [
  {
    name: 'icd10cm',
    uri: ICD10CM,
    label: 'ICD-10-CM',
    code: /^[A-Z](\d[0-9A-Z]|[A-Z]\d)(\.[0-9A-Z]{1,4})?$/,
    disease: /^[A-U]/,
    // The files of CDC and CMS leave the dot out.
    official: (code) => code.toUpperCase().replace(/^([A-Z][0-9A-Z]{2})\.?([0-9A-Z]+)$/, '$1.$2'),
  },
  { name: 'rxnorm', uri: RXNORM, label: 'RxNorm', code: /^\d{1,8}$/ },
  { name: 'loinc', uri: LOINC, label: 'LOINC', code: /^\d{1,7}-\d$/ },
  {
    name: 'cvx',
    uri: CVX,
    label: 'CVX',
    code: /^\d{2,3}$/,
    official: (code) => code.padStart(2, '0'),
  },
  {
    name: 'hcpcs',
    uri: HCPCS,
    label: 'HCPCS',
    // Level II is a letter and four digits; a site's own table may hold level I (CPT) as well.
    code: /^[A-Z0-9]\d{3}[A-Z0-9]$/,
    official: (code) => code.toUpperCase(),
  },
  { name: 'allergens', uri: ALLERGENS, label: 'Allergens', code: OWN_KEY },
  { name: 'reactions', uri: ALLERGY_REACTIONS, label: 'Allergy reactions', code: OWN_KEY },
  { name: 'snomed', uri: SNOMED, label: 'SNOMED CT', code: /^\d{6,18}$/ },
] as const satisfies readonly CodeSystem[];

const ANY_CODE = /^\S(.{0,98}\S)?$/;

/** The code system for a name or URI. Refuses anything else. */
export function codeSystem(text: string): CodeSystem {
  const known = CODE_SYSTEMS.find(({ name, uri }) => name === text || uri === text);
  if (known) return known;
  if (text.length <= 255 && /^(https?:\/\/|urn:)\S+$/.test(text)) {
    return { name: text, uri: text, label: text, code: ANY_CODE };
  }
  throw new Refusal('terms.system', { system: text.slice(0, 100) });
}

/** A code without what people leave out or put in: `e11.9` and `E119` are both `E119`. */
export function codeKey(code: string): string {
  return code.toUpperCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
