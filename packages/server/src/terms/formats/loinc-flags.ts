// Flags derived from the name of a LOINC term, for files that say no more.

import type { TermFlag } from '../term.ts';

/** Modalities with which the names of imaging studies begin; `PT and aPTT` is of the blood. */
const IMAGING = /^(?:Portable )?(?:CT|DXA|MG|MR|NM|PET|PT(?! and )|RF|RFA|US|XR)\b/;

export function loincFlags(display: string): TermFlag[] {
  const flags: TermFlag[] = [];
  if (IMAGING.test(display)) flags.push('imaging');
  if (/\bpanel\b/i.test(display)) flags.push('panel');
  if (/^Deprecated /.test(display)) flags.push('inactive');
  return flags;
}
