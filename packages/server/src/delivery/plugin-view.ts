// A plugin as administrators see it: what was installed, and how it stands at the node that they ask.

import type { HandlerInfo, PluginStatus } from '#plugin-host/contract.ts';
import { nextRuns } from './schedule.ts';
import { receivedTypes } from './plugin-receives.ts';
import type { Backlog, InstalledPlugin } from './plugin-table.ts';
import type { VariableView } from './plugin-variables.ts';

export interface PluginView {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly enabled: boolean;
  /** Of a disabled one: whether its events wait for it, or are skipped. */
  readonly backlog: Backlog | null;
  /** `live`: its handlers are given events. `disabled`: by hand. `quarantined`: after repeated failures. `failed`: does not load. */
  readonly state: 'live' | 'disabled' | 'quarantined' | 'failed';
  /** Why it is not live. */
  readonly reason: string | null;
  readonly handlers: readonly HandlerView[];
  readonly scopes: readonly string[];
  /** Types of the records that come with its events, whatever its scopes. */
  readonly receives: readonly string[];
  readonly network: readonly string[];
  readonly variables: readonly VariableView[];
  readonly health: { readonly where: string; readonly strikes: number } | null;
  readonly installedAt: string;
  readonly updatedAt: string;
}

export interface HandlerView extends HandlerInfo {
  /** When it runs next, in ISO 8601, while the plugin is live; missing without a schedule. */
  readonly nextRuns?: readonly string[];
}

/** Runs of a schedule that are shown ahead. */
const AHEAD = 3;

/** What a node knows of a plugin for itself. */
interface StandingHere {
  readonly standing: PluginStatus | undefined;
  /** Why it did not load. */
  readonly failure: string | undefined;
  /** The practice's. */
  readonly timeZone: string;
}

export function viewOf(
  { manifest, enabled, backlog, handlers, installedAt, updatedAt }: InstalledPlugin,
  variables: readonly VariableView[],
  here: StandingHere,
): PluginView {
  const { name, version, description = '', scopes, network } = manifest;
  const { standing, failure = null, timeZone } = here;
  const state = stateOf(enabled, here);
  const now = new Date();
  return {
    name,
    version,
    description,
    enabled,
    backlog: enabled ? null : backlog,
    state,
    reason: enabled ? failure : null,
    handlers: handlers.map((handler) => ({
      ...handler,
      ...(handler.schedule !== undefined && state === 'live' && { nextRuns: nextRuns(handler, timeZone, now, AHEAD) }),
    })),
    scopes,
    receives: receivedTypes(handlers),
    network,
    variables,
    health: standing ? { where: standing.where, strikes: standing.strikes } : null,
    installedAt: installedAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

function stateOf(enabled: boolean, { standing, failure }: StandingHere): PluginView['state'] {
  if (!enabled) return 'disabled';
  if (failure !== undefined) return 'failed';
  return standing?.where === 'quarantined' ? 'quarantined' : 'live';
}
