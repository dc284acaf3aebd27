// On whose authority records are read and changed. It travels with every read and every unit of work; `chart/` enforces it.

import { ADMIN_SCOPE, ScopeSet } from './scopes.ts';

export interface Authority {
  readonly scopes: ScopeSet;
  /** FHIR id of the patient that `patient/` scopes mean: the one a token is bound to, or whose event a plugin answers. */
  readonly patient: string | null;
  /**
   * Nobody looks on while it runs, as with a plugin: the permission for a note or a command doesn't imply the permission
   * for the records that it writes.
   */
  readonly unattended?: true;
}

/**
 * Chartwire's own authority, for its own work: the clock, the demo, questionnaires that ship. test/shape/authority.test.ts
 * lists the files that may use it. Never use it for what somebody asked for.
 */
export const SYSTEM: Authority = { scopes: new ScopeSet(['system/*.cruds', ADMIN_SCOPE]), patient: null };
