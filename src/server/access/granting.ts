// Granting: nobody gives a token, a role or a plugin what they don't hold themselves.

import { Refusal } from '#kit/errors.ts';
import type { ScopeSet } from '#kit/scopes.ts';

/** Refuses scopes beyond those of the granter, naming the first. */
export function requireGrant({ scopes: held }: { readonly scopes: ScopeSet }, scopes: readonly string[]): void {
  const beyond = scopes.find((scope) => !held.covers(scope));
  if (beyond !== undefined) throw new Refusal('access.grant', { scope: beyond });
}
