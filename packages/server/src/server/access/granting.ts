// Granting: a token never gives out what it doesn't hold. Neither does a person by a token; but whoever looks after a
// practice's users and plugins needn't be a clinician to appoint one, or to install what clinicians use.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Actor } from '@chartwire/sdk/internal/kit/event';
import type { ScopeSet } from '@chartwire/sdk/internal/kit/scopes';

/** Refuses scopes beyond those of the granter, naming the first. */
export function requireGrant({ scopes: held }: { readonly scopes: ScopeSet }, scopes: readonly string[]): void {
  const beyond = scopes.find((scope) => !held.covers(scope));
  if (beyond !== undefined) throw new Refusal('access.grant', { scope: beyond });
}

/** For roles and plugins: an administrator who signed in gives out any, on record under their name; a token its own scopes. */
export function requireAppointing(
  access: { readonly actor: Actor; readonly scopes: ScopeSet },
  scopes: readonly string[],
): void {
  if (access.actor.type === 'user' && access.scopes.admin) return;
  requireGrant(access, scopes);
}
