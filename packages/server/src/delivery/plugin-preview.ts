// What installing a package would bring, beside what is installed: read before anything is.

import type { HandlerInfo } from '#plugin-host/contract.ts';
import { variableText } from '#plugin-host/secrets.ts';
import type { Manifest } from '#plugin-host/manifest.ts';
import { receivedTypes } from './plugin-receives.ts';

/** Two lists, compared. */
export interface Difference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly kept: readonly string[];
}

export interface PluginPreview {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** The version that it would take the place of. */
  readonly installed: string | null;
  readonly scopes: Difference;
  /** Types of the records that come with its events, whatever its scopes. */
  readonly receives: Difference;
  readonly network: Difference;
  /** By key; a sensitive one with where it may be sent. */
  readonly variables: Difference;
  readonly handlers: readonly HandlerInfo[];
}

export function previewOf(
  { name, version, description, ...wanted }: Manifest,
  handlers: readonly HandlerInfo[],
  before: { readonly manifest: Manifest; readonly handlers: readonly HandlerInfo[] } | undefined,
): PluginPreview {
  const keys = (manifest: Pick<Manifest, 'variables'> | undefined) => manifest?.variables.map(variableText);
  return {
    name,
    version,
    description: description ?? '',
    installed: before?.manifest.version ?? null,
    scopes: difference(before?.manifest.scopes, wanted.scopes),
    receives: difference(before && receivedTypes(before.handlers), receivedTypes(handlers)),
    network: difference(before?.manifest.network, wanted.network),
    variables: difference(keys(before?.manifest), keys(wanted) ?? []),
    handlers,
  };
}

function difference(before: readonly string[] = [], after: readonly string[]): Difference {
  return {
    added: after.filter((one) => !before.includes(one)),
    removed: before.filter((one) => !after.includes(one)),
    kept: after.filter((one) => before.includes(one)),
  };
}
