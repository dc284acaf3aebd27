// Roles in the practice. Each is a set of SMART scopes; several roles add up.

import type { Role } from '@chartwire/client/internal/contract/users';
import { ADMIN_SCOPE, UNLOCK_SCOPE } from '@chartwire/sdk/internal/kit/scopes';

interface RoleRow {
  readonly summary: string;
  readonly scopes: readonly string[];
}

export const ROLES = {
  clinician: {
    summary: 'Everything in a chart.',
    scopes: ['user/*.cruds'],
  },
  supervisor: {
    summary: 'Everything in a chart; unlocks notes that others wrote and signed.',
    scopes: ['user/*.cruds', UNLOCK_SCOPE],
  },
  staff: {
    summary:
      'Reads charts; keeps the schedule, demographics, coverage, consents, tasks, messages and the inbox. No commands.',
    scopes: [
      'user/*.rs',
      'user/Patient.cu',
      'user/RelatedPerson.cu',
      'user/Coverage.cud',
      'user/Consent.cu',
      'user/Appointment.cu',
      'user/Schedule.cu',
      'user/Slot.cud',
      'user/Task.cu',
      'user/Communication.cu',
      'user/DocumentReference.cud',
    ],
  },
  biller: {
    summary: 'Reads charts; keeps what is billed, claims and coverage.',
    scopes: [
      'user/*.rs',
      'user/ChargeItem.cud',
      'user/Claim.cu',
      'user/Account.cu',
      'user/Invoice.cu',
      'user/Coverage.cu',
    ],
  },
  admin: {
    summary: 'Reads charts and events; looks after users, tokens, plugins, deliveries and the audit trail.',
    scopes: ['user/*.rs', ADMIN_SCOPE],
  },
} as const satisfies Record<Role, RoleRow>;

/** The union of the scopes of all `roles`. */
export function scopesOf(roles: readonly Role[]): string[] {
  return [...new Set(roles.flatMap((role) => ROLES[role].scopes))];
}
