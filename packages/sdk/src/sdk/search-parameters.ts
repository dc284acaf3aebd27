// The search parameters of each type by their own types, as R4 defines them. Written by `npm run docs`.

/** Those of every type. */
export interface CommonParameters {
  token: '_id' | '_security' | '_tag';
  date: '_lastUpdated';
  uri: '_profile' | '_source';
}

export interface SearchParameters {
  Account: {
    token: 'identifier' | 'status' | 'type';
    string: 'name';
    reference: 'owner' | 'patient' | 'subject';
    date: 'period';
  };
  ActivityDefinition: {
    token: 'context' | 'context-type' | 'identifier' | 'jurisdiction' | 'status' | 'topic' | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    reference: 'composed-of' | 'depends-on' | 'derived-from' | 'predecessor' | 'successor';
    date: 'date' | 'effective';
    uri: 'url';
    quantity: 'context-quantity';
  };
  AdverseEvent: {
    token: 'actuality' | 'category' | 'event' | 'seriousness' | 'severity';
    reference: 'location' | 'recorder' | 'resultingcondition' | 'study' | 'subject' | 'substance';
    date: 'date';
  };
  AllergyIntolerance: {
    token:
      | 'category'
      | 'clinical-status'
      | 'code'
      | 'criticality'
      | 'identifier'
      | 'manifestation'
      | 'route'
      | 'severity'
      | 'type'
      | 'verification-status';
    reference: 'asserter' | 'patient' | 'recorder';
    date: 'date' | 'last-date' | 'onset';
  };
  Appointment: {
    token:
      | 'appointment-type'
      | 'identifier'
      | 'part-status'
      | 'reason-code'
      | 'service-category'
      | 'service-type'
      | 'specialty'
      | 'status';
    reference:
      | 'actor'
      | 'based-on'
      | 'location'
      | 'patient'
      | 'practitioner'
      | 'reason-reference'
      | 'slot'
      | 'supporting-info';
    date: 'date';
  };
  AppointmentResponse: {
    token: 'identifier' | 'part-status';
    reference: 'actor' | 'appointment' | 'location' | 'patient' | 'practitioner';
  };
  AuditEvent: {
    token: 'action' | 'agent-role' | 'altid' | 'entity-role' | 'entity-type' | 'outcome' | 'site' | 'subtype' | 'type';
    string: 'address' | 'agent-name' | 'entity-name';
    reference: 'agent' | 'entity' | 'patient' | 'source';
    date: 'date';
    uri: 'policy';
  };
  Basic: {
    token: 'code' | 'identifier';
    reference: 'author' | 'patient' | 'subject';
    date: 'created';
  };
  Binary: object;
  BiologicallyDerivedProduct: object;
  BodyStructure: {
    token: 'identifier' | 'location' | 'morphology';
    reference: 'patient';
  };
  Bundle: {
    token: 'identifier' | 'type';
    reference: 'composition' | 'message';
    date: 'timestamp';
  };
  CapabilityStatement: {
    token:
      | 'context'
      | 'context-type'
      | 'fhirversion'
      | 'format'
      | 'jurisdiction'
      | 'mode'
      | 'resource'
      | 'security-service'
      | 'status'
      | 'version';
    string: 'description' | 'name' | 'publisher' | 'software' | 'title';
    reference: 'guide' | 'resource-profile' | 'supported-profile';
    date: 'date';
    uri: 'url';
    quantity: 'context-quantity';
  };
  CarePlan: {
    token: 'activity-code' | 'category' | 'identifier' | 'intent' | 'status';
    reference:
      | 'activity-reference'
      | 'based-on'
      | 'care-team'
      | 'condition'
      | 'encounter'
      | 'goal'
      | 'instantiates-canonical'
      | 'part-of'
      | 'patient'
      | 'performer'
      | 'replaces'
      | 'subject';
    date: 'activity-date' | 'date';
    uri: 'instantiates-uri';
  };
  CareTeam: {
    token: 'category' | 'identifier' | 'status';
    reference: 'encounter' | 'participant' | 'patient' | 'subject';
    date: 'date';
  };
  CatalogEntry: object;
  ChargeItem: {
    token: 'code' | 'identifier' | 'performer-function';
    reference:
      | 'account'
      | 'context'
      | 'enterer'
      | 'patient'
      | 'performer-actor'
      | 'performing-organization'
      | 'requesting-organization'
      | 'service'
      | 'subject';
    date: 'entered-date' | 'occurrence';
    quantity: 'price-override' | 'quantity';
    number: 'factor-override';
  };
  ChargeItemDefinition: {
    token: 'context' | 'context-type' | 'identifier' | 'jurisdiction' | 'status' | 'version';
    string: 'description' | 'publisher' | 'title';
    date: 'date' | 'effective';
    uri: 'url';
    quantity: 'context-quantity';
  };
  Claim: {
    token: 'identifier' | 'priority' | 'status' | 'use';
    reference:
      | 'care-team'
      | 'detail-udi'
      | 'encounter'
      | 'enterer'
      | 'facility'
      | 'insurer'
      | 'item-udi'
      | 'patient'
      | 'payee'
      | 'procedure-udi'
      | 'provider'
      | 'subdetail-udi';
    date: 'created';
  };
  ClaimResponse: {
    token: 'identifier' | 'outcome' | 'status' | 'use';
    string: 'disposition';
    reference: 'insurer' | 'patient' | 'request' | 'requestor';
    date: 'created' | 'payment-date';
  };
  ClinicalImpression: {
    token: 'finding-code' | 'identifier' | 'status';
    reference:
      | 'assessor'
      | 'encounter'
      | 'finding-ref'
      | 'investigation'
      | 'patient'
      | 'previous'
      | 'problem'
      | 'subject'
      | 'supporting-info';
    date: 'date';
  };
  CodeSystem: {
    token:
      | 'code'
      | 'content-mode'
      | 'context'
      | 'context-type'
      | 'identifier'
      | 'jurisdiction'
      | 'language'
      | 'status'
      | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    reference: 'supplements';
    date: 'date';
    uri: 'system' | 'url';
    quantity: 'context-quantity';
  };
  Communication: {
    token: 'category' | 'identifier' | 'medium' | 'status';
    reference:
      | 'based-on'
      | 'encounter'
      | 'instantiates-canonical'
      | 'part-of'
      | 'patient'
      | 'recipient'
      | 'sender'
      | 'subject';
    date: 'received' | 'sent';
    uri: 'instantiates-uri';
  };
  CommunicationRequest: {
    token: 'category' | 'group-identifier' | 'identifier' | 'medium' | 'priority' | 'status';
    reference: 'based-on' | 'encounter' | 'patient' | 'recipient' | 'replaces' | 'requester' | 'sender' | 'subject';
    date: 'authored' | 'occurrence';
  };
  CompartmentDefinition: {
    token: 'code' | 'context' | 'context-type' | 'resource' | 'status' | 'version';
    string: 'description' | 'name' | 'publisher';
    date: 'date';
    uri: 'url';
    quantity: 'context-quantity';
  };
  Composition: {
    token: 'category' | 'confidentiality' | 'context' | 'identifier' | 'related-id' | 'section' | 'status' | 'type';
    string: 'title';
    reference: 'attester' | 'author' | 'encounter' | 'entry' | 'patient' | 'related-ref' | 'subject';
    date: 'date' | 'period';
  };
  ConceptMap: {
    token:
      | 'context'
      | 'context-type'
      | 'identifier'
      | 'jurisdiction'
      | 'source-code'
      | 'status'
      | 'target-code'
      | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    reference: 'other' | 'source' | 'source-uri' | 'target' | 'target-uri';
    date: 'date';
    uri: 'dependson' | 'product' | 'source-system' | 'target-system' | 'url';
    quantity: 'context-quantity';
  };
  Condition: {
    token:
      | 'body-site'
      | 'category'
      | 'clinical-status'
      | 'code'
      | 'evidence'
      | 'identifier'
      | 'severity'
      | 'stage'
      | 'verification-status';
    string: 'abatement-string' | 'onset-info';
    reference: 'asserter' | 'encounter' | 'evidence-detail' | 'patient' | 'subject';
    date: 'abatement-date' | 'onset-date' | 'recorded-date';
    quantity: 'abatement-age' | 'onset-age';
  };
  Consent: {
    token: 'action' | 'category' | 'identifier' | 'purpose' | 'scope' | 'security-label' | 'status';
    reference: 'actor' | 'consentor' | 'data' | 'organization' | 'patient' | 'source-reference';
    date: 'date' | 'period';
  };
  Contract: {
    token: 'identifier' | 'status';
    reference: 'authority' | 'domain' | 'patient' | 'signer' | 'subject';
    date: 'issued';
    uri: 'instantiates' | 'url';
  };
  Coverage: {
    token: 'class-type' | 'identifier' | 'status' | 'type';
    string: 'class-value' | 'dependent';
    reference: 'beneficiary' | 'patient' | 'payor' | 'policy-holder' | 'subscriber';
  };
  CoverageEligibilityRequest: {
    token: 'identifier' | 'status';
    reference: 'enterer' | 'facility' | 'patient' | 'provider';
    date: 'created';
  };
  CoverageEligibilityResponse: {
    token: 'identifier' | 'outcome' | 'status';
    string: 'disposition';
    reference: 'insurer' | 'patient' | 'request' | 'requestor';
    date: 'created';
  };
  DetectedIssue: {
    token: 'code' | 'identifier' | 'status';
    reference: 'author' | 'implicated' | 'patient';
    date: 'identified';
  };
  Device: {
    token: 'identifier' | 'status' | 'type';
    string: 'device-name' | 'manufacturer' | 'model' | 'udi-carrier' | 'udi-di';
    reference: 'location' | 'organization' | 'patient';
    uri: 'url';
  };
  DeviceDefinition: {
    token: 'classification' | 'identifier' | 'type';
    reference: 'parent';
  };
  DeviceMetric: {
    token: 'category' | 'identifier' | 'type';
    reference: 'parent' | 'source';
  };
  DeviceRequest: {
    token: 'code' | 'group-identifier' | 'identifier' | 'intent' | 'status';
    reference:
      | 'based-on'
      | 'device'
      | 'encounter'
      | 'instantiates-canonical'
      | 'insurance'
      | 'patient'
      | 'performer'
      | 'prior-request'
      | 'requester'
      | 'subject';
    date: 'authored-on' | 'event-date';
    uri: 'instantiates-uri';
  };
  DeviceUseStatement: {
    token: 'identifier';
    reference: 'device' | 'patient' | 'subject';
  };
  DiagnosticReport: {
    token: 'category' | 'code' | 'conclusion' | 'identifier' | 'status';
    reference:
      | 'based-on'
      | 'encounter'
      | 'media'
      | 'patient'
      | 'performer'
      | 'result'
      | 'results-interpreter'
      | 'specimen'
      | 'subject';
    date: 'date' | 'issued';
  };
  DocumentManifest: {
    token: 'identifier' | 'related-id' | 'status' | 'type';
    string: 'description';
    reference: 'author' | 'item' | 'patient' | 'recipient' | 'related-ref' | 'subject';
    date: 'created';
    uri: 'source';
  };
  DocumentReference: {
    token:
      | 'category'
      | 'contenttype'
      | 'event'
      | 'facility'
      | 'format'
      | 'identifier'
      | 'language'
      | 'relation'
      | 'security-label'
      | 'setting'
      | 'status'
      | 'type';
    string: 'description';
    reference: 'authenticator' | 'author' | 'custodian' | 'encounter' | 'patient' | 'related' | 'relatesto' | 'subject';
    date: 'date' | 'period';
    uri: 'location';
  };
  EffectEvidenceSynthesis: {
    token: 'context' | 'context-type' | 'identifier' | 'jurisdiction' | 'status' | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    date: 'date' | 'effective';
    uri: 'url';
    quantity: 'context-quantity';
  };
  Encounter: {
    token: 'class' | 'identifier' | 'participant-type' | 'reason-code' | 'special-arrangement' | 'status' | 'type';
    reference:
      | 'account'
      | 'appointment'
      | 'based-on'
      | 'diagnosis'
      | 'episode-of-care'
      | 'location'
      | 'part-of'
      | 'participant'
      | 'patient'
      | 'practitioner'
      | 'reason-reference'
      | 'service-provider'
      | 'subject';
    date: 'date' | 'location-period';
    quantity: 'length';
  };
  Endpoint: {
    token: 'connection-type' | 'identifier' | 'payload-type' | 'status';
    string: 'name';
    reference: 'organization';
  };
  EnrollmentRequest: {
    token: 'identifier' | 'status';
    reference: 'patient' | 'subject';
  };
  EnrollmentResponse: {
    token: 'identifier' | 'status';
    reference: 'request';
  };
  EpisodeOfCare: {
    token: 'identifier' | 'status' | 'type';
    reference: 'care-manager' | 'condition' | 'incoming-referral' | 'organization' | 'patient';
    date: 'date';
  };
  EventDefinition: {
    token: 'context' | 'context-type' | 'identifier' | 'jurisdiction' | 'status' | 'topic' | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    reference: 'composed-of' | 'depends-on' | 'derived-from' | 'predecessor' | 'successor';
    date: 'date' | 'effective';
    uri: 'url';
    quantity: 'context-quantity';
  };
  Evidence: {
    token: 'context' | 'context-type' | 'identifier' | 'jurisdiction' | 'status' | 'topic' | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    reference: 'composed-of' | 'depends-on' | 'derived-from' | 'predecessor' | 'successor';
    date: 'date' | 'effective';
    uri: 'url';
    quantity: 'context-quantity';
  };
  EvidenceVariable: {
    token: 'context' | 'context-type' | 'identifier' | 'jurisdiction' | 'status' | 'topic' | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    reference: 'composed-of' | 'depends-on' | 'derived-from' | 'predecessor' | 'successor';
    date: 'date' | 'effective';
    uri: 'url';
    quantity: 'context-quantity';
  };
  ExampleScenario: {
    token: 'context' | 'context-type' | 'identifier' | 'jurisdiction' | 'status' | 'version';
    string: 'name' | 'publisher';
    date: 'date';
    uri: 'url';
    quantity: 'context-quantity';
  };
  ExplanationOfBenefit: {
    token: 'identifier' | 'status';
    string: 'disposition';
    reference:
      | 'care-team'
      | 'claim'
      | 'coverage'
      | 'detail-udi'
      | 'encounter'
      | 'enterer'
      | 'facility'
      | 'item-udi'
      | 'patient'
      | 'payee'
      | 'procedure-udi'
      | 'provider'
      | 'subdetail-udi';
    date: 'created';
  };
  FamilyMemberHistory: {
    token: 'code' | 'identifier' | 'relationship' | 'sex' | 'status';
    reference: 'instantiates-canonical' | 'patient';
    date: 'date';
    uri: 'instantiates-uri';
  };
  Flag: {
    token: 'identifier';
    reference: 'author' | 'encounter' | 'patient' | 'subject';
    date: 'date';
  };
  Goal: {
    token: 'achievement-status' | 'category' | 'identifier' | 'lifecycle-status';
    reference: 'patient' | 'subject';
    date: 'start-date' | 'target-date';
  };
  GraphDefinition: {
    token: 'context' | 'context-type' | 'jurisdiction' | 'start' | 'status' | 'version';
    string: 'description' | 'name' | 'publisher';
    date: 'date';
    uri: 'url';
    quantity: 'context-quantity';
  };
  Group: {
    token: 'actual' | 'characteristic' | 'code' | 'exclude' | 'identifier' | 'type' | 'value';
    reference: 'managing-entity' | 'member';
  };
  GuidanceResponse: {
    token: 'identifier' | 'request';
    reference: 'patient' | 'subject';
  };
  HealthcareService: {
    token: 'active' | 'characteristic' | 'identifier' | 'program' | 'service-category' | 'service-type' | 'specialty';
    string: 'name';
    reference: 'coverage-area' | 'endpoint' | 'location' | 'organization';
  };
  ImagingStudy: {
    token: 'bodysite' | 'dicom-class' | 'identifier' | 'instance' | 'modality' | 'reason' | 'series' | 'status';
    reference: 'basedon' | 'encounter' | 'endpoint' | 'interpreter' | 'patient' | 'performer' | 'referrer' | 'subject';
    date: 'started';
  };
  Immunization: {
    token: 'identifier' | 'reason-code' | 'status' | 'status-reason' | 'target-disease' | 'vaccine-code';
    string: 'lot-number' | 'series';
    reference: 'location' | 'manufacturer' | 'patient' | 'performer' | 'reaction' | 'reason-reference';
    date: 'date' | 'reaction-date';
  };
  ImmunizationEvaluation: {
    token: 'dose-status' | 'identifier' | 'status' | 'target-disease';
    reference: 'immunization-event' | 'patient';
    date: 'date';
  };
  ImmunizationRecommendation: {
    token: 'identifier' | 'status' | 'target-disease' | 'vaccine-type';
    reference: 'information' | 'patient' | 'support';
    date: 'date';
  };
  ImplementationGuide: {
    token: 'context' | 'context-type' | 'experimental' | 'jurisdiction' | 'status' | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    reference: 'depends-on' | 'global' | 'resource';
    date: 'date';
    uri: 'url';
    quantity: 'context-quantity';
  };
  InsurancePlan: {
    token: 'address-use' | 'identifier' | 'status' | 'type';
    string:
      | 'address'
      | 'address-city'
      | 'address-country'
      | 'address-postalcode'
      | 'address-state'
      | 'name'
      | 'phonetic';
    reference: 'administered-by' | 'endpoint' | 'owned-by';
  };
  Invoice: {
    token: 'identifier' | 'participant-role' | 'status' | 'type';
    reference: 'account' | 'issuer' | 'participant' | 'patient' | 'recipient' | 'subject';
    date: 'date';
    quantity: 'totalgross' | 'totalnet';
  };
  Library: {
    token:
      | 'content-type'
      | 'context'
      | 'context-type'
      | 'identifier'
      | 'jurisdiction'
      | 'status'
      | 'topic'
      | 'type'
      | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    reference: 'composed-of' | 'depends-on' | 'derived-from' | 'predecessor' | 'successor';
    date: 'date' | 'effective';
    uri: 'url';
    quantity: 'context-quantity';
  };
  Linkage: {
    reference: 'author' | 'item' | 'source';
  };
  List: {
    token: 'code' | 'empty-reason' | 'identifier' | 'status';
    string: 'notes' | 'title';
    reference: 'encounter' | 'item' | 'patient' | 'source' | 'subject';
    date: 'date';
  };
  Location: {
    token: 'address-use' | 'identifier' | 'operational-status' | 'status' | 'type';
    string: 'address' | 'address-city' | 'address-country' | 'address-postalcode' | 'address-state' | 'name';
    reference: 'endpoint' | 'organization' | 'partof';
  };
  Measure: {
    token: 'context' | 'context-type' | 'identifier' | 'jurisdiction' | 'status' | 'topic' | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    reference: 'composed-of' | 'depends-on' | 'derived-from' | 'predecessor' | 'successor';
    date: 'date' | 'effective';
    uri: 'url';
    quantity: 'context-quantity';
  };
  MeasureReport: {
    token: 'identifier' | 'status';
    reference: 'evaluated-resource' | 'measure' | 'patient' | 'reporter' | 'subject';
    date: 'date' | 'period';
  };
  Media: {
    token: 'identifier' | 'modality' | 'site' | 'status' | 'type' | 'view';
    reference: 'based-on' | 'device' | 'encounter' | 'operator' | 'patient' | 'subject';
    date: 'created';
  };
  Medication: {
    token: 'code' | 'form' | 'identifier' | 'ingredient-code' | 'lot-number' | 'status';
    reference: 'ingredient' | 'manufacturer';
    date: 'expiration-date';
  };
  MedicationAdministration: {
    token: 'code' | 'identifier' | 'reason-given' | 'reason-not-given' | 'status';
    reference: 'context' | 'device' | 'medication' | 'patient' | 'performer' | 'request' | 'subject';
    date: 'effective-time';
  };
  MedicationDispense: {
    token: 'code' | 'identifier' | 'status' | 'type';
    reference:
      | 'context'
      | 'destination'
      | 'medication'
      | 'patient'
      | 'performer'
      | 'prescription'
      | 'receiver'
      | 'responsibleparty'
      | 'subject';
    date: 'whenhandedover' | 'whenprepared';
  };
  MedicationKnowledge: {
    token:
      | 'classification'
      | 'classification-type'
      | 'code'
      | 'doseform'
      | 'ingredient-code'
      | 'monitoring-program-name'
      | 'monitoring-program-type'
      | 'monograph-type'
      | 'source-cost'
      | 'status';
    reference: 'ingredient' | 'manufacturer' | 'monograph';
  };
  MedicationRequest: {
    token: 'category' | 'code' | 'identifier' | 'intended-performertype' | 'intent' | 'priority' | 'status';
    reference:
      | 'encounter'
      | 'intended-dispenser'
      | 'intended-performer'
      | 'medication'
      | 'patient'
      | 'requester'
      | 'subject';
    date: 'authoredon' | 'date';
  };
  MedicationStatement: {
    token: 'category' | 'code' | 'identifier' | 'status';
    reference: 'context' | 'medication' | 'part-of' | 'patient' | 'source' | 'subject';
    date: 'effective';
  };
  MedicinalProduct: {
    token: 'identifier' | 'name-language';
    string: 'name';
  };
  MedicinalProductAuthorization: {
    token: 'country' | 'identifier' | 'status';
    reference: 'holder' | 'subject';
  };
  MedicinalProductContraindication: {
    reference: 'subject';
  };
  MedicinalProductIndication: {
    reference: 'subject';
  };
  MedicinalProductIngredient: object;
  MedicinalProductInteraction: {
    reference: 'subject';
  };
  MedicinalProductManufactured: object;
  MedicinalProductPackaged: {
    token: 'identifier';
    reference: 'subject';
  };
  MedicinalProductPharmaceutical: {
    token: 'identifier' | 'route' | 'target-species';
  };
  MedicinalProductUndesirableEffect: {
    reference: 'subject';
  };
  MessageDefinition: {
    token:
      | 'category'
      | 'context'
      | 'context-type'
      | 'event'
      | 'focus'
      | 'identifier'
      | 'jurisdiction'
      | 'status'
      | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    reference: 'parent';
    date: 'date';
    uri: 'url';
    quantity: 'context-quantity';
  };
  MessageHeader: {
    token: 'code' | 'event' | 'response-id';
    string: 'destination' | 'source';
    reference: 'author' | 'enterer' | 'focus' | 'receiver' | 'responsible' | 'sender' | 'target';
    uri: 'destination-uri' | 'source-uri';
  };
  MolecularSequence: {
    token: 'chromosome' | 'identifier' | 'referenceseqid' | 'type';
    reference: 'patient';
    number: 'variant-end' | 'variant-start' | 'window-end' | 'window-start';
  };
  NamingSystem: {
    token: 'context' | 'context-type' | 'id-type' | 'jurisdiction' | 'kind' | 'status' | 'telecom' | 'type';
    string: 'contact' | 'description' | 'name' | 'publisher' | 'responsible' | 'value';
    date: 'date' | 'period';
    quantity: 'context-quantity';
  };
  NutritionOrder: {
    token: 'additive' | 'formula' | 'identifier' | 'oraldiet' | 'status' | 'supplement';
    reference: 'encounter' | 'instantiates-canonical' | 'patient' | 'provider';
    date: 'datetime';
    uri: 'instantiates-uri';
  };
  Observation: {
    token:
      | 'category'
      | 'code'
      | 'combo-code'
      | 'combo-data-absent-reason'
      | 'combo-value-concept'
      | 'component-code'
      | 'component-data-absent-reason'
      | 'component-value-concept'
      | 'data-absent-reason'
      | 'identifier'
      | 'method'
      | 'status'
      | 'value-concept';
    string: 'value-string';
    reference:
      | 'based-on'
      | 'derived-from'
      | 'device'
      | 'encounter'
      | 'focus'
      | 'has-member'
      | 'part-of'
      | 'patient'
      | 'performer'
      | 'specimen'
      | 'subject';
    date: 'date' | 'value-date';
    quantity: 'combo-value-quantity' | 'component-value-quantity' | 'value-quantity';
  };
  ObservationDefinition: object;
  OperationDefinition: {
    token:
      | 'code'
      | 'context'
      | 'context-type'
      | 'instance'
      | 'jurisdiction'
      | 'kind'
      | 'status'
      | 'system'
      | 'type'
      | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    reference: 'base' | 'input-profile' | 'output-profile';
    date: 'date';
    uri: 'url';
    quantity: 'context-quantity';
  };
  OperationOutcome: object;
  Organization: {
    token: 'active' | 'address-use' | 'identifier' | 'type';
    string:
      | 'address'
      | 'address-city'
      | 'address-country'
      | 'address-postalcode'
      | 'address-state'
      | 'name'
      | 'phonetic';
    reference: 'endpoint' | 'partof';
  };
  OrganizationAffiliation: {
    token: 'active' | 'email' | 'identifier' | 'phone' | 'role' | 'specialty' | 'telecom';
    reference: 'endpoint' | 'location' | 'network' | 'participating-organization' | 'primary-organization' | 'service';
    date: 'date';
  };
  Parameters: object;
  Patient: {
    token: 'active' | 'address-use' | 'deceased' | 'email' | 'gender' | 'identifier' | 'language' | 'phone' | 'telecom';
    string:
      | 'address'
      | 'address-city'
      | 'address-country'
      | 'address-postalcode'
      | 'address-state'
      | 'family'
      | 'given'
      | 'name'
      | 'phonetic';
    reference: 'general-practitioner' | 'link' | 'organization';
    date: 'birthdate' | 'death-date';
  };
  PaymentNotice: {
    token: 'identifier' | 'payment-status' | 'status';
    reference: 'provider' | 'request' | 'response';
    date: 'created';
  };
  PaymentReconciliation: {
    token: 'identifier' | 'outcome' | 'status';
    string: 'disposition';
    reference: 'payment-issuer' | 'request' | 'requestor';
    date: 'created';
  };
  Person: {
    token: 'address-use' | 'email' | 'gender' | 'identifier' | 'phone' | 'telecom';
    string:
      | 'address'
      | 'address-city'
      | 'address-country'
      | 'address-postalcode'
      | 'address-state'
      | 'name'
      | 'phonetic';
    reference: 'link' | 'organization' | 'patient' | 'practitioner' | 'relatedperson';
    date: 'birthdate';
  };
  PlanDefinition: {
    token: 'context' | 'context-type' | 'identifier' | 'jurisdiction' | 'status' | 'topic' | 'type' | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    reference: 'composed-of' | 'definition' | 'depends-on' | 'derived-from' | 'predecessor' | 'successor';
    date: 'date' | 'effective';
    uri: 'url';
    quantity: 'context-quantity';
  };
  Practitioner: {
    token: 'active' | 'address-use' | 'communication' | 'email' | 'gender' | 'identifier' | 'phone' | 'telecom';
    string:
      | 'address'
      | 'address-city'
      | 'address-country'
      | 'address-postalcode'
      | 'address-state'
      | 'family'
      | 'given'
      | 'name'
      | 'phonetic';
  };
  PractitionerRole: {
    token: 'active' | 'email' | 'identifier' | 'phone' | 'role' | 'specialty' | 'telecom';
    reference: 'endpoint' | 'location' | 'organization' | 'practitioner' | 'service';
    date: 'date';
  };
  Procedure: {
    token: 'category' | 'code' | 'identifier' | 'reason-code' | 'status';
    reference:
      | 'based-on'
      | 'encounter'
      | 'instantiates-canonical'
      | 'location'
      | 'part-of'
      | 'patient'
      | 'performer'
      | 'reason-reference'
      | 'subject';
    date: 'date';
    uri: 'instantiates-uri';
  };
  Provenance: {
    token: 'agent-role' | 'agent-type' | 'signature-type';
    reference: 'agent' | 'entity' | 'location' | 'patient' | 'target';
    date: 'recorded' | 'when';
  };
  Questionnaire: {
    token: 'code' | 'context' | 'context-type' | 'identifier' | 'jurisdiction' | 'status' | 'subject-type' | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    date: 'date' | 'effective';
    uri: 'definition' | 'url';
    quantity: 'context-quantity';
  };
  QuestionnaireResponse: {
    token: 'identifier' | 'status';
    reference: 'author' | 'based-on' | 'encounter' | 'part-of' | 'patient' | 'questionnaire' | 'source' | 'subject';
    date: 'authored';
  };
  RelatedPerson: {
    token: 'active' | 'address-use' | 'email' | 'gender' | 'identifier' | 'phone' | 'relationship' | 'telecom';
    string:
      | 'address'
      | 'address-city'
      | 'address-country'
      | 'address-postalcode'
      | 'address-state'
      | 'name'
      | 'phonetic';
    reference: 'patient';
    date: 'birthdate';
  };
  RequestGroup: {
    token: 'code' | 'group-identifier' | 'identifier' | 'intent' | 'priority' | 'status';
    reference: 'author' | 'encounter' | 'instantiates-canonical' | 'participant' | 'patient' | 'subject';
    date: 'authored';
    uri: 'instantiates-uri';
  };
  ResearchDefinition: {
    token: 'context' | 'context-type' | 'identifier' | 'jurisdiction' | 'status' | 'topic' | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    reference: 'composed-of' | 'depends-on' | 'derived-from' | 'predecessor' | 'successor';
    date: 'date' | 'effective';
    uri: 'url';
    quantity: 'context-quantity';
  };
  ResearchElementDefinition: {
    token: 'context' | 'context-type' | 'identifier' | 'jurisdiction' | 'status' | 'topic' | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    reference: 'composed-of' | 'depends-on' | 'derived-from' | 'predecessor' | 'successor';
    date: 'date' | 'effective';
    uri: 'url';
    quantity: 'context-quantity';
  };
  ResearchStudy: {
    token: 'category' | 'focus' | 'identifier' | 'keyword' | 'location' | 'status';
    string: 'title';
    reference: 'partof' | 'principalinvestigator' | 'protocol' | 'site' | 'sponsor';
    date: 'date';
  };
  ResearchSubject: {
    token: 'identifier' | 'status';
    reference: 'individual' | 'patient' | 'study';
    date: 'date';
  };
  RiskAssessment: {
    token: 'identifier' | 'method' | 'risk';
    reference: 'condition' | 'encounter' | 'patient' | 'performer' | 'subject';
    date: 'date';
    number: 'probability';
  };
  RiskEvidenceSynthesis: {
    token: 'context' | 'context-type' | 'identifier' | 'jurisdiction' | 'status' | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    date: 'date' | 'effective';
    uri: 'url';
    quantity: 'context-quantity';
  };
  Schedule: {
    token: 'active' | 'identifier' | 'service-category' | 'service-type' | 'specialty';
    reference: 'actor';
    date: 'date';
  };
  SearchParameter: {
    token: 'base' | 'code' | 'context' | 'context-type' | 'jurisdiction' | 'status' | 'target' | 'type' | 'version';
    string: 'description' | 'name' | 'publisher';
    reference: 'component' | 'derived-from';
    date: 'date';
    uri: 'url';
    quantity: 'context-quantity';
  };
  ServiceRequest: {
    token:
      | 'body-site'
      | 'category'
      | 'code'
      | 'identifier'
      | 'intent'
      | 'order-detail'
      | 'performer-type'
      | 'priority'
      | 'requisition'
      | 'status';
    reference:
      | 'based-on'
      | 'encounter'
      | 'instantiates-canonical'
      | 'patient'
      | 'performer'
      | 'replaces'
      | 'requester'
      | 'specimen'
      | 'subject';
    date: 'authored' | 'occurrence';
    uri: 'instantiates-uri';
  };
  Slot: {
    token: 'appointment-type' | 'identifier' | 'service-category' | 'service-type' | 'specialty' | 'status';
    reference: 'schedule';
    date: 'start';
  };
  Specimen: {
    token: 'accession' | 'bodysite' | 'container' | 'container-id' | 'identifier' | 'status' | 'type';
    reference: 'collector' | 'parent' | 'patient' | 'subject';
    date: 'collected';
  };
  SpecimenDefinition: {
    token: 'container' | 'identifier' | 'type';
  };
  StructureDefinition: {
    token:
      | 'abstract'
      | 'base-path'
      | 'context'
      | 'context-type'
      | 'derivation'
      | 'experimental'
      | 'ext-context'
      | 'identifier'
      | 'jurisdiction'
      | 'keyword'
      | 'kind'
      | 'path'
      | 'status'
      | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    reference: 'base' | 'valueset';
    date: 'date';
    uri: 'type' | 'url';
    quantity: 'context-quantity';
  };
  StructureMap: {
    token: 'context' | 'context-type' | 'identifier' | 'jurisdiction' | 'status' | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    date: 'date';
    uri: 'url';
    quantity: 'context-quantity';
  };
  Subscription: {
    token: 'contact' | 'payload' | 'status' | 'type';
    string: 'criteria';
    uri: 'url';
  };
  Substance: {
    token: 'category' | 'code' | 'container-identifier' | 'identifier' | 'status';
    reference: 'substance-reference';
    date: 'expiry';
    quantity: 'quantity';
  };
  SubstanceNucleicAcid: object;
  SubstancePolymer: object;
  SubstanceProtein: object;
  SubstanceReferenceInformation: object;
  SubstanceSourceMaterial: object;
  SubstanceSpecification: {
    token: 'code';
  };
  SupplyDelivery: {
    token: 'identifier' | 'status';
    reference: 'patient' | 'receiver' | 'supplier';
  };
  SupplyRequest: {
    token: 'category' | 'identifier' | 'status';
    reference: 'requester' | 'subject' | 'supplier';
    date: 'date';
  };
  Task: {
    token:
      | 'business-status'
      | 'code'
      | 'group-identifier'
      | 'identifier'
      | 'intent'
      | 'performer'
      | 'priority'
      | 'status';
    reference: 'based-on' | 'encounter' | 'focus' | 'owner' | 'part-of' | 'patient' | 'requester' | 'subject';
    date: 'authored-on' | 'modified' | 'period';
  };
  TerminologyCapabilities: {
    token: 'context' | 'context-type' | 'jurisdiction' | 'status' | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    date: 'date';
    uri: 'url';
    quantity: 'context-quantity';
  };
  TestReport: {
    token: 'identifier' | 'result';
    string: 'tester';
    reference: 'testscript';
    date: 'issued';
    uri: 'participant';
  };
  TestScript: {
    token: 'context' | 'context-type' | 'identifier' | 'jurisdiction' | 'status' | 'version';
    string: 'description' | 'name' | 'publisher' | 'testscript-capability' | 'title';
    date: 'date';
    uri: 'url';
    quantity: 'context-quantity';
  };
  ValueSet: {
    token: 'code' | 'context' | 'context-type' | 'identifier' | 'jurisdiction' | 'status' | 'version';
    string: 'description' | 'name' | 'publisher' | 'title';
    date: 'date';
    uri: 'expansion' | 'reference' | 'url';
    quantity: 'context-quantity';
  };
  VerificationResult: {
    reference: 'target';
  };
  VisionPrescription: {
    token: 'identifier' | 'status';
    reference: 'encounter' | 'patient' | 'prescriber';
    date: 'datewritten';
  };
}
