// The operator's token: given in the environment, or generated once and stored in the data folder, readable only by its owner.

import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** File in the data folder. `chartwire` on the same machine reads it if no token is given. */
const ADMIN_TOKEN_FILE = 'admin-token';

export interface AdminToken {
  readonly token: string;
  /** The file that stores it; null if it was given. */
  readonly file: string | null;
}

/** The token with every scope: `given`, or the one in the data folder, which the first start generates. */
export async function adminToken(dataFolder: string, given?: string): Promise<AdminToken> {
  const own = given?.trim();
  if (own) return { token: own, file: null };
  const file = join(dataFolder, ADMIN_TOKEN_FILE);
  await mkdir(dataFolder, { recursive: true });
  // Linked once complete, so that nobody reads half of it. If two servers start at once, both use the first one's token.
  const making = `${file}-${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(making, `${newToken()}\n`, { flag: 'wx', mode: 0o600, flush: true });
    await link(making, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(making, { force: true });
  }
  const token = (await readFile(file, 'utf8')).trim();
  if (token === '') throw new Error(`${file} is empty: delete it and start again, a new token is made`);
  return { token, file };
}

/** 256 random bits. The prefix tells people and secret scanners what it is. */
export function newToken(): string {
  return `cw_${randomBytes(32).toString('base64url')}`;
}
