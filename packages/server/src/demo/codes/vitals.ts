// Vital signs of a visit: LOINC, unit, and the usual value if a story gives none.

export interface VitalSign {
  readonly loinc: string;
  readonly display: string;
  readonly unit: string;
  readonly ucum?: string;
  readonly decimals: number;
  /** How far a reading strays from the story's line: pulses do, heights do not. */
  readonly stray: number;
  readonly usual?: number;
}

// biome-ignore format: a table is read by its rows
export const VITALS = {
  systolic: { loinc: '8480-6', display: 'Systolic blood pressure', unit: 'mmHg', ucum: 'mm[Hg]', decimals: 0, stray: 3 },
  diastolic: { loinc: '8462-4', display: 'Diastolic blood pressure', unit: 'mmHg', ucum: 'mm[Hg]', decimals: 0, stray: 2 },
  pulse: { loinc: '8867-4', display: 'Heart rate', unit: 'beats/min', ucum: '/min', decimals: 0, stray: 4, usual: 72 },
  respiration: { loinc: '9279-1', display: 'Respiratory rate', unit: 'breaths/min', ucum: '/min', decimals: 0, stray: 1, usual: 15 },
  temperature: { loinc: '8310-5', display: 'Body temperature', unit: '°C', ucum: 'Cel', decimals: 1, stray: 0.2, usual: 36.7 },
  oxygen: { loinc: '59408-5', display: 'Oxygen saturation in Arterial blood by Pulse oximetry', unit: '%', decimals: 0, stray: 0.6, usual: 98 },
  weight: { loinc: '29463-7', display: 'Body weight', unit: 'kg', decimals: 1, stray: 0 },
  height: { loinc: '8302-2', display: 'Body height', unit: 'cm', decimals: 1, stray: 0 },
  head: { loinc: '9843-4', display: 'Head Occipital-frontal circumference', unit: 'cm', decimals: 1, stray: 0 },
} as const satisfies Record<string, VitalSign>;

export type VitalName = keyof typeof VITALS;

export const BLOOD_PRESSURE = { loinc: '85354-9', display: 'Blood pressure panel with all children optional' } as const;
export const BODY_MASS_INDEX = { loinc: '39156-5', display: 'Body mass index (BMI) [Ratio]' } as const;
export const VITALS_PANEL = {
  loinc: '85353-1',
  display: 'Vital signs, weight, height, head circumference, oxygen saturation and BMI panel',
} as const;

/** Questionnaires of some visits: a score for each, and tobacco use. */
export const SCORES = {
  phq9: { loinc: '44261-6', display: 'Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]' },
  gad7: { loinc: '70274-6', display: 'Generalized anxiety disorder 7 item (GAD-7) total score [Reported.PHQ]' },
} as const;

export const TOBACCO = { loinc: '72166-2', display: 'Tobacco smoking status' } as const;
/** Answers of LOINC's own list for it. */
export const TOBACCO_ANSWERS = {
  never: { code: 'LA18978-9', display: 'Never smoker' },
  former: { code: 'LA15920-4', display: 'Former smoker' },
} as const;
