// Granting: a token never grants more than it holds, and neither does a person using a token. But a signed-in administrator of
// users and plugins needn't be a clinician to appoint one, or to install what clinicians use.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Actor } from '@chartwire/sdk/internal/kit/event';
import type { ScopeSet } from '@chartwire/sdk/internal/kit/scopes';

/** Refuses scopes beyond those of the granter, and names the first. */
export function requireGrant({ scopes: held }: { readonly scopes: ScopeSet }, scopes: readonly string[]): void {
  const beyond = scopes.find((scope) => !held.covers(scope));
  if (beyond !== undefined) throw new Refusal('access.grant', { scope: beyond });
}

/** For roles and plugins: a signed-in administrator may grant any, on record under their name; a token only its own scopes. */
export function requireAppointing(
  access: { readonly actor: Actor; readonly scopes: ScopeSet },
  scopes: readonly string[],
): void {
  if (access.actor.type === 'user' && access.scopes.admin) return;
  requireGrant(access, scopes);
}
