// Valid records with a value of every kind that searches read.

// biome-ignore lint/suspicious/noExplicitAny: to be made odd
type Loose = any;

export const RECORDS: readonly Loose[] = [
  {
    resourceType: 'Patient',
    identifier: [
      {
        system: 'http://example.org/mrn',
        value: '17',
        type: { text: 'MR' },
        period: { start: '2020-01-01', end: '2030-01-01' },
      },
    ],
    name: [{ family: 'Germain', given: ['Sophie'], text: 'Sophie Germain' }],
    telecom: [{ system: 'phone', value: '+1 555 0100' }],
    birthDate: '1976-04-01',
    deceasedDateTime: '2024-01-01T10:00:00Z',
    address: [{ line: ['1 Main St'], city: 'Springfield', postalCode: '01101' }],
    generalPractitioner: [{ reference: 'Practitioner/1' }],
    meta: { tag: [{ system: 'http://example.org/tags', code: 'x' }], profile: ['http://example.org/p'] },
  },
  {
    resourceType: 'Observation',
    status: 'final',
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
    ],
    code: { coding: [{ system: 'http://loinc.org', code: '29463-7', display: 'Weight' }], text: 'weight' },
    effectiveDateTime: '2024-01-01T10:00:00Z',
    issued: '2024-01-01T10:00:00.123Z',
    valueQuantity: { value: 70.5, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
    component: [{ code: { text: 'x' }, valueQuantity: { value: 1, comparator: '<', unit: 'kg' } }],
  },
  {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    effectivePeriod: { start: '2024-01-01T10:00:00Z', end: '2024-01-01T11:00:00Z' },
    valueDateTime: '2024-01-01T10:00:00Z',
  },
  {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    effectiveTiming: {
      event: ['2024-01-01T10:00:00Z', '2025-01-01T10:00:00Z'],
      repeat: { boundsPeriod: { start: '2024-01-01T10:00:00Z' } },
    },
  },
  {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    description: 'x',
    authoredOn: '2024-01-01T10:00:00Z',
    restriction: { period: { end: '2024-01-01' } },
    note: [{ text: 'x', time: '2024-01-01T10:00:00Z' }],
    executionPeriod: { start: '2024-01-01T10:00:00Z', end: '2024-01-02T10:00:00Z' },
  },
  {
    resourceType: 'Appointment',
    status: 'booked',
    start: '2024-01-01T10:00:00Z',
    end: '2024-01-01T11:00:00Z',
    participant: [{ status: 'accepted', actor: { display: 'x' } }],
  },
  {
    resourceType: 'Communication',
    status: 'completed',
    sent: '2024-01-01T10:00:00Z',
    received: '2024-01-01T10:00:00Z',
    payload: [{ contentString: 'x' }],
  },
  {
    resourceType: 'DocumentReference',
    status: 'current',
    date: '2024-01-01T10:00:00Z',
    content: [
      {
        attachment: {
          contentType: 'application/pdf',
          url: 'http://example.org/x',
          title: 'x',
          creation: '2024-01-01T10:00:00Z',
        },
      },
    ],
  },
  {
    resourceType: 'ValueSet',
    status: 'active',
    url: 'http://example.org/vs',
    version: '1',
    name: 'X',
    date: '2024-01-01',
    identifier: [{ system: 'urn:x', value: 'y' }],
  },
  {
    resourceType: 'ChargeItem',
    status: 'billable',
    code: { text: 'x' },
    subject: { display: 'x' },
    quantity: { value: 1 },
    occurrenceDateTime: '2024-01-01T10:00:00Z',
  },
  {
    resourceType: 'RiskAssessment',
    status: 'final',
    subject: { display: 'x' },
    prediction: [{ probabilityDecimal: 0.5 }],
    occurrenceDateTime: '2024-01-01T10:00:00Z',
  },
  {
    resourceType: 'Invoice',
    status: 'issued',
    totalGross: { value: 1.5, currency: 'USD' },
    totalNet: { value: 1, currency: 'USD' },
    date: '2024-01-01T10:00:00Z',
  },
  { resourceType: 'Basic', code: { text: 'x' }, created: '2024-01-01' },
];
