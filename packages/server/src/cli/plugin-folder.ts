// A plugin's folder as the person named it: is it one, and what does its manifest say?

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Manifest } from '#plugin-host/manifest.ts';
import { CliError } from './cli-error.ts';
import { textOf } from './text-input.ts';

/** Throws when there is no chartwire.json, or when it is not valid. */
export async function readPluginFolder(folder: string): Promise<{ path: string; manifest: Manifest }> {
  const path = resolve(folder);
  const file = join(path, 'chartwire.json');
  const bytes = await readFile(file).catch(() => {
    throw new CliError(
      `There is no chartwire.json in ${path}: name a plugin’s folder, or make one with \`chartwire init\`.`,
    );
  });
  const text = textOf(bytes, file);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new CliError(`${file} is not JSON: ${(error as Error).message}.`);
  }
  const { parseManifest } = await import('#plugin-host/manifest.ts');
  return { path, manifest: parseManifest(json) };
}
