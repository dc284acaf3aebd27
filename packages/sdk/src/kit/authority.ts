// The authority under which records are read and changed. Each read and each unit of work carries one; `chart/` enforces it.

import { ADMIN_SCOPE, ScopeSet } from './scopes.ts';

export interface Authority {
  readonly scopes: ScopeSet;
  /**
   * FHIR id of the patient that `patient/` scopes refer to: the one a token is bound to, or the one of the event that a plugin
   * answers.
   */
  readonly patient: string | null;
  /**
   * Set for callers without a person, such as plugins. Then the permission for a note or command doesn't imply permission for the
   * records it writes.
   */
  readonly unattended?: true;
}

/**
 * Chartwire's own authority, for its own work: the clock, the demo, and shipped questionnaires. test/shape/authority.test.ts
 * lists the files that may use it. Never use it on behalf of a caller.
 */
export const SYSTEM: Authority = { scopes: new ScopeSet(['system/*.cruds', ADMIN_SCOPE]), patient: null };
