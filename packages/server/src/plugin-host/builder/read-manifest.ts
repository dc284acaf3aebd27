// chartwire.json out of a package.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { notUtf8In, utf8Reason } from '@chartwire/sdk/internal/kit/utf8';
import type { PackageFiles } from '../unpack.ts';

const MAX_BYTES = 200_000;

/**
 * Reads it without checking.
 *
 * @throws {Refusal} `plugin.manifest`
 */
export function readManifest(files: PackageFiles): unknown {
  const content = files.get('chartwire.json')!;
  if (content.length > MAX_BYTES) throw refused(`it is larger than ${MAX_BYTES / 1e3} KB`);
  const fault = notUtf8In(content);
  if (fault) throw refused(utf8Reason(fault));
  try {
    return JSON.parse(content.toString().replace(/^\ufeff/, ''));
  } catch (error) {
    throw refused(`it is not JSON (${(error as Error).message})`);
  }
}

/** What the build needs from it; undefined if missing. */
export function namesOf(manifest: unknown): { name: string; entry: string } | undefined {
  const { name, entry } = (manifest ?? {}) as { name?: unknown; entry?: unknown };
  return typeof name === 'string' && typeof entry === 'string' ? { name, entry } : undefined;
}

function refused(reason: string): Refusal {
  return new Refusal('plugin.manifest', { reason }, [{ path: '', message: reason }]);
}
