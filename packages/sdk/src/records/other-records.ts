// Where a chart shows records without a section of their own: every other type in R4's patient compartment.
// test/server/charts.test.ts walks them all.

import type { R4ResourceType } from './resource-types.ts';

/**
 * The place: next to allergies, medications, and so on, `devices` for implants and wearables, `profile` for care team and payers,
 * `other` for its own section. `accounts` are shown there as well, and not in the timeline.
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

/** The types shown at a place. */
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
