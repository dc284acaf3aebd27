// Where a chart shows the records that have no section of their own: every other type that R4 puts in a patient's
// compartment. test/server/charts.test.ts walks them all.

import type { R4ResourceType } from './resource-types.ts';

/**
 * Beside what it stands: the allergies, the medications and so on, `devices` for what is implanted or worn, `profile` for
 * the page of who cares and pays, `other` for a section of its own; `accounts` stand there too, and on no timeline.
 */
export type Place =
  | 'allergies'
  | 'medications'
  | 'devices'
  | 'immunizations'
  | 'documents'
  | 'care'
  | 'profile'
  | 'other'
  | 'accounts';

const PLACES = {
  AdverseEvent: 'allergies',
  DetectedIssue: 'medications',
  MedicationAdministration: 'medications',
  MedicationDispense: 'medications',
  Device: 'devices',
  DeviceUseStatement: 'devices',
  ImmunizationEvaluation: 'immunizations',
  ImmunizationRecommendation: 'immunizations',
  Composition: 'documents',
  DocumentManifest: 'documents',
  ImagingStudy: 'documents',
  Media: 'documents',
  CommunicationRequest: 'care',
  DeviceRequest: 'care',
  EpisodeOfCare: 'care',
  NutritionOrder: 'care',
  RequestGroup: 'care',
  SupplyRequest: 'care',
  VisionPrescription: 'care',
  CareTeam: 'profile',
  AppointmentResponse: 'other',
  Basic: 'other',
  BodyStructure: 'other',
  ClinicalImpression: 'other',
  Contract: 'other',
  Group: 'other',
  List: 'other',
  MeasureReport: 'other',
  MolecularSequence: 'other',
  ResearchSubject: 'other',
  RiskAssessment: 'other',
  Specimen: 'other',
  SupplyDelivery: 'other',
  Account: 'accounts',
  ChargeItem: 'accounts',
  Claim: 'accounts',
  ClaimResponse: 'accounts',
  CoverageEligibilityRequest: 'accounts',
  CoverageEligibilityResponse: 'accounts',
  EnrollmentRequest: 'accounts',
  ExplanationOfBenefit: 'accounts',
  Invoice: 'accounts',
} as const satisfies Partial<Record<R4ResourceType, Place>>;

export type OtherType = keyof typeof PLACES;

export const OTHER_TYPES = Object.keys(PLACES) as readonly OtherType[] as readonly [OtherType, ...OtherType[]];

/** The types that stand at one of the places. */
export function othersAt(...places: readonly Place[]): readonly OtherType[] {
  return OTHER_TYPES.filter((type) => places.includes(PLACES[type]));
}

/** Types in the compartment that no chart shows, and why. */
export const NOT_IN_A_CHART = {
  AuditEvent: 'It says who did something to a record, not what is so of the patient.',
  Person: 'It links records of one person; the profile has the person.',
  Provenance: 'It says where another record came from, which that record’s versions and events say here.',
  Schedule: 'It is time that can be booked; what was booked is an Appointment.',
} as const satisfies Partial<Record<R4ResourceType, string>>;
