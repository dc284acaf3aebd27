// Data that is too large for the repository. CHARTWIRE_SAMPLES names a folder that has it: see CONTRIBUTING.md.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Samples {
  /** Where the files are; it ends with a slash. */
  readonly folder: URL;
  /** Why a test that needs them is skipped; false when it is not. */
  readonly missing: string | false;
}

/** `synthea`: transactions of made-up patients, `*.json.gz`. `terms`: official code tables, `*.tsv.br`. */
export function samples(name: 'synthea' | 'terms'): Samples {
  const root = process.env.CHARTWIRE_SAMPLES;
  const folder = pathToFileURL(join(root ?? 'samples', name, '/'));
  if (root === undefined) return { folder, missing: `CHARTWIRE_SAMPLES does not say where there is a folder ${name}` };
  return { folder, missing: existsSync(folder) ? false : `CHARTWIRE_SAMPLES has no folder ${name}` };
}
