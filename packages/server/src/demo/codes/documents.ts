// Kinds of documents and imaging studies in the stories (LOINC).

export const DOCUMENTS = {
  consult: { loinc: '11488-4', display: 'Consult note' },
  discharge: { loinc: '18842-5', display: 'Discharge summary' },
  livingWill: { loinc: '86533-7', display: 'Patient Living will' },
} as const;

export const STUDIES = {
  chestXray: { loinc: '36643-5', display: 'XR Chest 2 Views', section: 'RAD' },
  boneDensity: { loinc: '38268-9', display: 'DXA Skeletal system Views for bone density', section: 'RAD' },
  mammogram: { loinc: '26175-0', display: 'MG Breast - bilateral Screening', section: 'RAD' },
  pregnancyUltrasound: { loinc: '11525-3', display: 'US for pregnancy', section: 'RUS' },
} as const;

export type DocumentName = keyof typeof DOCUMENTS;
export type StudyName = keyof typeof STUDIES;
