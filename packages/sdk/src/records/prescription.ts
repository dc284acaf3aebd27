// Prescriptions.

import { defineRecord } from '#kit/record-kind.ts';

const ORDERS: ReadonlySet<string> = new Set([
  'order',
  'original-order',
  'reflex-order',
  'filler-order',
  'instance-order',
]);

export const Prescription = defineRecord({
  prefix: 'PRESCRIPTION',
  resource: 'MedicationRequest',
  label: 'Prescription',
  summary: 'An order for a medication, with its dose, quantity and refills.',
  where: 'intent is `order` or a kind of order',
  is: ({ intent }) => ORDERS.has(intent),
});
