// The operator's own token: given by the environment, or made once and kept in the data folder for nobody else to read.

import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Name of the file in the data folder; `chartwire` on the same machine reads it when no token is given. */
const ADMIN_TOKEN_FILE = 'admin-token';

export interface AdminToken {
  readonly token: string;
  /** The file it is kept in; null when it was given. */
  readonly file: string | null;
}

/** The token that has every scope: `given` when there is one, else the data folder's, made on the first start. */
export async function adminToken(dataFolder: string, given?: string): Promise<AdminToken> {
  const own = given?.trim();
  if (own) return { token: own, file: null };
  const file = join(dataFolder, ADMIN_TOKEN_FILE);
  await mkdir(dataFolder, { recursive: true });
  // Linked when it is complete, so that nobody reads half of it: of two servers that start at once, the first one's token
  // is everybody's.
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

/** 256 random bits. The prefix lets secret scanners and people see what it is. */
export function newToken(): string {
  return `cw_${randomBytes(32).toString('base64url')}`;
}
