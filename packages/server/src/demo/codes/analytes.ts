// Laboratory tests with normal ranges of US adults.

export type Sex = 'female' | 'male';

/** One bound for everyone, or one per sex. */
export type Bound = number | Readonly<Record<Sex, number>>;

export interface Analyte {
  readonly loinc: string;
  readonly display: string;
  readonly unit: string;
  /** UCUM code, where it is written otherwise than the unit. */
  readonly ucum?: string;
  readonly low?: Bound;
  readonly high?: Bound;
  readonly decimals: number;
  /** The usual value, for an analyte with one bound only. */
  readonly usual?: number;
}

// biome-ignore format: a table is read by its rows
export const ANALYTES = {
  a1c: { loinc: '4548-4', display: 'Hemoglobin A1c/Hemoglobin.total in Blood', unit: '%', low: 4, high: 5.6, decimals: 1 },
  albumin: { loinc: '1751-7', display: 'Albumin [Mass/volume] in Serum or Plasma', unit: 'g/dL', low: 3.5, high: 5, decimals: 1 },
  alkalinePhosphatase: { loinc: '6768-6', display: 'Alkaline phosphatase [Enzymatic activity/volume] in Serum or Plasma', unit: 'U/L', low: 44, high: 121, decimals: 0 },
  alt: { loinc: '1742-6', display: 'Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma', unit: 'U/L', low: 7, high: { female: 35, male: 45 }, decimals: 0 },
  ast: { loinc: '1920-8', display: 'Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma', unit: 'U/L', low: 8, high: 40, decimals: 0 },
  bilirubin: { loinc: '1975-2', display: 'Bilirubin.total [Mass/volume] in Serum or Plasma', unit: 'mg/dL', low: 0.2, high: 1.2, decimals: 1 },
  bun: { loinc: '3094-0', display: 'Urea nitrogen [Mass/volume] in Serum or Plasma', unit: 'mg/dL', low: 7, high: 20, decimals: 0 },
  calcium: { loinc: '17861-6', display: 'Calcium [Mass/volume] in Serum or Plasma', unit: 'mg/dL', low: 8.6, high: 10.2, decimals: 1 },
  chloride: { loinc: '2075-0', display: 'Chloride [Moles/volume] in Serum or Plasma', unit: 'mmol/L', low: 98, high: 107, decimals: 0 },
  cholesterol: { loinc: '2093-3', display: 'Cholesterol [Mass/volume] in Serum or Plasma', unit: 'mg/dL', high: 199, decimals: 0, usual: 172 },
  co2: { loinc: '2028-9', display: 'Carbon dioxide, total [Moles/volume] in Serum or Plasma', unit: 'mmol/L', low: 22, high: 29, decimals: 0 },
  creatinine: { loinc: '2160-0', display: 'Creatinine [Mass/volume] in Serum or Plasma', unit: 'mg/dL', low: { female: 0.5, male: 0.7 }, high: { female: 1.1, male: 1.3 }, decimals: 2 },
  crp: { loinc: '1988-5', display: 'C reactive protein [Mass/volume] in Serum or Plasma', unit: 'mg/L', high: 10, decimals: 1, usual: 3.2 },
  egfr: { loinc: '98979-8', display: 'Glomerular filtration rate [Volume Rate/Area] in Serum, Plasma or Blood by Creatinine-based formula (CKD-EPI 2021)/1.73 sq M', unit: 'mL/min/1.73m2', ucum: 'mL/min/{1.73_m2}', low: 60, decimals: 0 },
  ferritin: { loinc: '2276-4', display: 'Ferritin [Mass/volume] in Serum or Plasma', unit: 'ng/mL', low: { female: 15, male: 30 }, high: { female: 150, male: 400 }, decimals: 0 },
  glucose: { loinc: '2345-7', display: 'Glucose [Mass/volume] in Serum or Plasma', unit: 'mg/dL', low: 70, high: 99, decimals: 0 },
  glucoseChallenge: { loinc: '1504-0', display: 'Glucose [Mass/volume] in Serum or Plasma --1 hour post 50 g glucose PO', unit: 'mg/dL', high: 139, decimals: 0 },
  hdl: { loinc: '2085-9', display: 'Cholesterol in HDL [Mass/volume] in Serum or Plasma', unit: 'mg/dL', low: { female: 50, male: 40 }, decimals: 0, usual: 54 },
  hematocrit: { loinc: '4544-3', display: 'Hematocrit [Volume Fraction] of Blood by Automated count', unit: '%', low: { female: 36, male: 40 }, high: { female: 46, male: 51 }, decimals: 1 },
  hemoglobin: { loinc: '718-7', display: 'Hemoglobin [Mass/volume] in Blood', unit: 'g/dL', low: { female: 12, male: 13.5 }, high: { female: 15.5, male: 17.5 }, decimals: 1 },
  ldl: { loinc: '13457-7', display: 'Cholesterol in LDL [Mass/volume] in Serum or Plasma by calculation', unit: 'mg/dL', high: 129, decimals: 0 },
  leukocytes: { loinc: '6690-2', display: 'Leukocytes [#/volume] in Blood by Automated count', unit: '10*3/uL', low: 4, high: 11, decimals: 1 },
  mchc: { loinc: '786-4', display: 'MCHC [Entitic Mass/volume] in Red Blood Cells by Automated count', unit: 'g/dL', low: 32, high: 36, decimals: 1 },
  mcv: { loinc: '787-2', display: 'MCV [Entitic mean volume] in Red Blood Cells by Automated count', unit: 'fL', low: 80, high: 100, decimals: 0 },
  ntProBnp: { loinc: '33762-6', display: 'Natriuretic peptide.B prohormone N-Terminal [Mass/volume] in Serum or Plasma', unit: 'pg/mL', high: 450, decimals: 0 },
  platelets: { loinc: '777-3', display: 'Platelets [#/volume] in Blood by Automated count', unit: '10*3/uL', low: 150, high: 400, decimals: 0 },
  potassium: { loinc: '2823-3', display: 'Potassium [Moles/volume] in Serum or Plasma', unit: 'mmol/L', low: 3.5, high: 5.1, decimals: 1 },
  protein: { loinc: '2885-2', display: 'Protein [Mass/volume] in Serum or Plasma', unit: 'g/dL', low: 6, high: 8.3, decimals: 1 },
  rdw: { loinc: '788-0', display: 'Erythrocyte [DistWidth] in Red Blood Cells by Automated count', unit: '%', low: 11.5, high: 14.5, decimals: 1 },
  redCells: { loinc: '789-8', display: 'Erythrocytes [#/volume] in Blood by Automated count', unit: '10*6/uL', low: { female: 3.9, male: 4.4 }, high: { female: 5.2, male: 5.9 }, decimals: 2 },
  sodium: { loinc: '2951-2', display: 'Sodium [Moles/volume] in Serum or Plasma', unit: 'mmol/L', low: 136, high: 145, decimals: 0 },
  t4: { loinc: '3024-7', display: 'Thyroxine (T4) free [Mass/volume] in Serum or Plasma', unit: 'ng/dL', low: 0.8, high: 1.8, decimals: 1 },
  triglycerides: { loinc: '2571-8', display: 'Triglyceride [Mass/volume] in Serum or Plasma', unit: 'mg/dL', high: 149, decimals: 0, usual: 98 },
  tsh: { loinc: '3016-3', display: 'Thyrotropin [Units/volume] in Serum or Plasma', unit: 'mIU/L', ucum: 'm[IU]/L', low: 0.4, high: 4.5, decimals: 2 },
  urineAlbumin: { loinc: '9318-7', display: 'Albumin/Creatinine [Mass Ratio] in Urine', unit: 'mg/g', high: 29, decimals: 0, usual: 9 },
  vitaminD: { loinc: '62292-8', display: '25-Hydroxyvitamin D3+25-Hydroxyvitamin D2 [Mass/volume] in Serum or Plasma', unit: 'ng/mL', low: 30, high: 100, decimals: 0 },
} as const satisfies Record<string, Analyte>;

export type AnalyteName = keyof typeof ANALYTES;

/** A test whose result is a word. */
export const FINDINGS = {
  bloodGroup: { loinc: '882-1', display: 'ABO and Rh group [Type] in Blood', result: 'O Rh positive' },
  hepatitisB: {
    loinc: '5196-1',
    display: 'Hepatitis B virus surface Ag [Presence] in Serum or Plasma by Immunoassay',
    result: 'Negative',
  },
  hiv: {
    loinc: '56888-1',
    display: 'HIV 1+2 Ab+HIV1 p24 Ag [Presence] in Serum or Plasma by Immunoassay',
    result: 'Nonreactive',
  },
} as const;

export type FindingName = keyof typeof FINDINGS;
