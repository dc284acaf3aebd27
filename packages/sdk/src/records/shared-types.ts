// Types of reference data: about the practice and its tables, never about a patient. A `patient/` scope that names one
// (`patient/Practitioner.r`; `patient/*` doesn't) lets its holder read and search records of it, though they are in no
// chart. No `patient/` scope lets anybody change them. test/chart/authority.test.ts checks that none can be in a chart.

import type { R4ResourceType } from './resource-types.ts';

export const SHARED_TYPES: ReadonlySet<string> = new Set<R4ResourceType>([
  'ActivityDefinition',
  'ChargeItemDefinition',
  'CodeSystem',
  'ConceptMap',
  'DeviceDefinition',
  'Endpoint',
  'HealthcareService',
  'InsurancePlan',
  'Library',
  'Location',
  'Measure',
  'Medication',
  'MedicationKnowledge',
  'NamingSystem',
  'ObservationDefinition',
  'Organization',
  'OrganizationAffiliation',
  'PlanDefinition',
  'Practitioner',
  'PractitionerRole',
  'Questionnaire',
  'Slot',
  'SpecimenDefinition',
  'Substance',
  'ValueSet',
]);
