// Billing codes, distinguished by form: CPT, and HCPCS Level II.

import { CPT, HCPCS } from '#kit/systems.ts';

/** `99213`, `0001F`, `0042T` */
export const CPT_CODE = /^\d{4}[0-9A-Z]$/;
/** `G0444`, `J1885` */
export const HCPCS_CODE = /^[A-Z]\d{4}$/;

/** The code system of a billing code without one. */
export function billingSystem(code: string): string {
  return CPT_CODE.test(code) ? CPT : HCPCS;
}
