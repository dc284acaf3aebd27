// A billing line of a visit: one code, its units, and its modifiers.

import { defineRecord } from '#kit/record-kind.ts';

export const BillingLineItem = defineRecord({
  prefix: 'BILLING_LINE_ITEM',
  resource: 'ChargeItem',
  label: 'Billing line item',
  summary: 'A billing code with its units and modifiers. A line that was taken off is `aborted`.',
});
