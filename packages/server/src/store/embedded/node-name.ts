// The name of a node.

import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A persistent name, so that a restarted node takes its own leases back at once. */
export async function nodeName(dataFolder: string): Promise<string> {
  const file = join(dataFolder, 'node');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    const name = randomUUID();
    await writeFile(file, `${name}\n`, { mode: 0o600 });
    return name;
  }
}
