// Diagnoses that children do not have, by ICD-10-CM.

import type { Coding } from 'chartwire/sdk';

const ICD10CM = 'http://hl7.org/fhir/sid/icd-10-cm';

/** A code, and with it all that begin with it. */
const OF_ADULTS = [
  'F01', // vascular dementia
  'F03', // dementia
  'G30', // Alzheimer's disease
  'H25', // age-related cataract
  'H35.3', // macular degeneration
  'M80.0', // age-related osteoporosis, with fracture
  'M81.0', // and without
  'N40', // prostatic hyperplasia
  'N95', // menopause
  'R54', // age-related physical debility
  'Z00.0', // general adult medical examination
  'Z68.1', // body mass index of adults, up to
  'Z68.2',
  'Z68.3',
  'Z68.4', // 70 and greater; Z68.5 are the percentiles of children
];

export function isOfAdults({ system, code = '' }: Coding): boolean {
  return system === ICD10CM && OF_ADULTS.some((prefix) => code.startsWith(prefix));
}
