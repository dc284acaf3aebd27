// Naming systems: standard code systems, and Chartwire's own identifiers, tags, and extensions.

export const LOINC = 'http://loinc.org';
export const SNOMED = 'http://snomed.info/sct';
export const ICD10CM = 'http://hl7.org/fhir/sid/icd-10-cm';
export const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
export const CVX = 'http://hl7.org/fhir/sid/cvx';
/** Level I (CPT) and level II codes are billed together. Chartwire ships level II. */
export const HCPCS = 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets';
/** Level I, where it has a system of its own. */
export const CPT = 'http://www.ama-assn.org/go/cpt';
export const NDC = 'http://hl7.org/fhir/sid/ndc';
/** NCI Thesaurus: dose forms and potency units, as in NCPDP SCRIPT. */
export const NCIT = 'http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl';
export const UCUM = 'http://unitsofmeasure.org';
/** HL7 v2 table 0074, diagnostic service sections: LAB, RAD, CH, MB ... */
export const DIAGNOSTIC_SERVICE = 'http://terminology.hl7.org/CodeSystem/v2-0074';
export const OBSERVATION_CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';
export const COMMUNICATION_CATEGORY = 'http://terminology.hl7.org/CodeSystem/communication-category';
export const CONDITION_CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
export const CONDITION_VERIFICATION = 'http://terminology.hl7.org/CodeSystem/condition-ver-status';
export const CONDITION_CATEGORY = 'http://terminology.hl7.org/CodeSystem/condition-category';
export const ALLERGY_CLINICAL = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';
export const ALLERGY_VERIFICATION = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification';
export const INTERPRETATION = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';
export const DATA_ABSENT = 'http://terminology.hl7.org/CodeSystem/data-absent-reason';

/** On a coding: valueDecimal, its weight in a score. */
export const ORDINAL_VALUE = 'http://hl7.org/fhir/StructureDefinition/ordinalValue';
const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition';
/** On a Questionnaire or item: valueBoolean; answers become Observations. */
export const OBSERVATION_EXTRACT = `${SDC}/sdc-questionnaire-observationExtract`;
/** With OBSERVATION_EXTRACT: valueCodeableConcept, the category of those Observations. */
export const OBSERVATION_EXTRACT_CATEGORY = `${SDC}/sdc-questionnaire-observation-extract-category`;

const OWN = 'https://chartwire.org/fhir';

/** `Task.meta.tag`: the labels of a task. */
export const TASK_LABEL = `${OWN}/CodeSystem/task-label`;
/** `Appointment.meta.tag`: the labels of an appointment. */
export const APPOINTMENT_LABEL = `${OWN}/CodeSystem/appointment-label`;
/** `Questionnaire.meta.tag`: who defines it, `system/chartwire` or `plugin/<name>`. */
export const DEFINED_BY = `${OWN}/CodeSystem/defined-by`;
/** With DEFINED_BY: a digest of the definition, which reveals local changes. */
export const DEFINITION_DIGEST = `${OWN}/CodeSystem/definition-digest`;
/** `DocumentReference.category`: `inbox` marks a received document that isn't filed yet. */
export const DOCUMENT_CATEGORY = `${OWN}/CodeSystem/document-category`;
/**
 * `DiagnosticReport.meta.tag`, `DocumentReference.meta.tag`, `Observation.meta.tag`: `reviewed` if the current content has been
 * reviewed; on an Observation, `unreviewed` while it waits for review.
 */
export const REVIEW = `${OWN}/CodeSystem/review`;
/** Allergens without a reliable code in a standard system: drug classes, and "no known allergy". */
export const ALLERGENS = `${OWN}/CodeSystem/allergen`;
/** Reactions without a reliable code in a standard system. */
export const ALLERGY_REACTIONS = `${OWN}/CodeSystem/allergy-reaction`;
/** `Appointment/[id]/$reschedule`. */
export const RESCHEDULE_OPERATION = `${OWN}/OperationDefinition/Appointment-reschedule`;
/** `Flag.category`: marks a Flag as a banner alert. */
export const FLAG_CATEGORY = `${OWN}/CodeSystem/flag-category`;
/** `identifier` of records that a plugin keeps by key: `<plugin>/<key>`. */
export const PLUGIN_KEY = `${OWN}/NamingSystem/plugin-key`;
/** `GuidanceResponse.moduleUri`, followed by `/<plugin>`: the source of the guidance. */
export const PLUGIN_MODULE = `${OWN}/plugin`;

/** Extensions that Chartwire writes into R4 records. */
export const EXTENSION = {
  /** On the new Appointment: valueReference to the one it replaces. */
  rescheduledFrom: `${OWN}/StructureDefinition/rescheduled-from`,
  /** On the replaced Appointment: valueReference to the new one. */
  rescheduledTo: `${OWN}/StructureDefinition/rescheduled-to`,
  /**
   * On a report, one per review: extensions `at` (valueDateTime), `by` (valueReference or valueString), `version`
   * (valuePositiveInt, the report's version), `comment` (valueString).
   */
  review: `${OWN}/StructureDefinition/review`,
  /**
   * On the note of an AllergyIntolerance that says that none is known: valueReference to the allergy that ended it. If that
   * allergy is entered in error, this one applies again.
   */
  endedBy: `${OWN}/StructureDefinition/ended-by`,
  /** On an Observation stored in other units than entered, one per part: valueQuantity. */
  enteredAs: `${OWN}/StructureDefinition/entered-as`,
  /** On a banner's Flag: valueCode info | warning | alert. */
  bannerIntent: `${OWN}/StructureDefinition/banner-intent`,
  /** On a banner's Flag, one per place: valueCode chart | timeline | appointment_card | scheduling_card | profile. */
  bannerPlacement: `${OWN}/StructureDefinition/banner-placement`,
  /** On a banner's Flag: valueUri, the target of its link. */
  bannerHref: `${OWN}/StructureDefinition/banner-href`,
  /** On a card's GuidanceResponse: valueCode due | satisfied | pending | not_applicable | not_relevant. */
  cardStatus: `${OWN}/StructureDefinition/card-status`,
  /** On a card's GuidanceResponse: valueString. */
  cardTitle: `${OWN}/StructureDefinition/card-title`,
  /**
   * On a card's GuidanceResponse, one per recommendation: extensions `title`, `button` (valueString), `href` (valueUri), and for
   * each command that the button originates `command`: `key` (valueCode), `fields` (valueString, JSON).
   */
  cardRecommendation: `${OWN}/StructureDefinition/card-recommendation`,
  /** On a ChargeItem, one per modifier: valueCode. */
  billingModifier: `${OWN}/StructureDefinition/billing-modifier`,
  /** On a compound's Medication: valueCode N | II | III | IV | V, its DEA schedule; N for none. */
  controlledSubstance: `${OWN}/StructureDefinition/controlled-substance`,
  /** On a MedicationRequest: valueReference to the Practitioner who supervises the prescriber. */
  supervisingProvider: `${OWN}/StructureDefinition/supervising-provider`,
} as const;
