// Types of reference data: about the practice and its tables, never about a patient. A `patient/` scope that names one explicitly
// (`patient/Practitioner.r`, unlike `patient/*`) allows reading and searching its records, although they are in no chart. No
// `patient/` scope allows changing them. test/chart/authority.test.ts checks that none can be in a chart.

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
