// A patient as the search of patients gives them.

export interface FoundPatient {
  readonly id: string;
  readonly name: string;
  readonly birthDate: string | null;
  readonly sex: 'male' | 'female' | 'other' | 'unknown' | null;
  readonly phone: string | null;
}
