// Consents of a patient.

import { defineRecord } from '#kit/record-kind.ts';

export const Consent = defineRecord({
  prefix: 'CONSENT',
  resource: 'Consent',
  label: 'Consent',
  summary: 'A choice of the patient: agreed to or refused, for a scope and a time.',
});
