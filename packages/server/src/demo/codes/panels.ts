// Which tests the laboratory does and reports together.

import type { AnalyteName, FindingName } from './analytes.ts';

export interface Panel {
  readonly loinc: string;
  readonly display: string;
  readonly analytes: readonly (AnalyteName | FindingName)[];
}

export const PANELS = {
  a1c: { loinc: '4548-4', display: 'Hemoglobin A1c/Hemoglobin.total in Blood', analytes: ['a1c'] },
  bloodGroup: { loinc: '882-1', display: 'ABO and Rh group [Type] in Blood', analytes: ['bloodGroup'] },
  bmp: {
    loinc: '24321-2',
    display: 'Basic metabolic 2000 panel - Serum or Plasma',
    analytes: ['glucose', 'bun', 'creatinine', 'egfr', 'sodium', 'potassium', 'chloride', 'co2', 'calcium'],
  },
  cbc: {
    loinc: '58410-2',
    display: 'CBC panel - Blood by Automated count',
    analytes: ['leukocytes', 'redCells', 'hemoglobin', 'hematocrit', 'mcv', 'mchc', 'rdw', 'platelets'],
  },
  cmp: {
    loinc: '24323-8',
    display: 'Comprehensive metabolic 2000 panel - Serum or Plasma',
    analytes: [
      ...(['glucose', 'bun', 'creatinine', 'egfr', 'sodium', 'potassium', 'chloride', 'co2', 'calcium'] as const),
      ...(['protein', 'albumin', 'bilirubin', 'alkalinePhosphatase', 'ast', 'alt'] as const),
    ],
  },
  crp: { loinc: '1988-5', display: 'C reactive protein [Mass/volume] in Serum or Plasma', analytes: ['crp'] },
  ferritin: { loinc: '2276-4', display: 'Ferritin [Mass/volume] in Serum or Plasma', analytes: ['ferritin'] },
  glucoseChallenge: {
    loinc: '1504-0',
    display: 'Glucose [Mass/volume] in Serum or Plasma --1 hour post 50 g glucose PO',
    analytes: ['glucoseChallenge'],
  },
  hepatitisB: {
    loinc: '5196-1',
    display: 'Hepatitis B virus surface Ag [Presence] in Serum or Plasma by Immunoassay',
    analytes: ['hepatitisB'],
  },
  hiv: {
    loinc: '56888-1',
    display: 'HIV 1+2 Ab+HIV1 p24 Ag [Presence] in Serum or Plasma by Immunoassay',
    analytes: ['hiv'],
  },
  lipids: {
    loinc: '24331-1',
    display: 'Lipid 1996 panel - Serum or Plasma',
    analytes: ['cholesterol', 'triglycerides', 'hdl', 'ldl'],
  },
  ntProBnp: {
    loinc: '33762-6',
    display: 'Natriuretic peptide.B prohormone N-Terminal [Mass/volume] in Serum or Plasma',
    analytes: ['ntProBnp'],
  },
  tsh: { loinc: '3016-3', display: 'Thyrotropin [Units/volume] in Serum or Plasma', analytes: ['tsh'] },
  urineAlbumin: { loinc: '9318-7', display: 'Albumin/Creatinine [Mass Ratio] in Urine', analytes: ['urineAlbumin'] },
  vitaminD: {
    loinc: '62292-8',
    display: '25-Hydroxyvitamin D3+25-Hydroxyvitamin D2 [Mass/volume] in Serum or Plasma',
    analytes: ['vitaminD'],
  },
} as const satisfies Record<string, Panel>;

export type PanelName = keyof typeof PANELS;
