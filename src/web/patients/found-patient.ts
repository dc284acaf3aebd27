// A patient as the search of patients gives them.

export type { PatientShape as FoundPatient } from '#server/api/patients.ts';
