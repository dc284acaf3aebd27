// Files and the standard input as text: UTF-8, with a byte order mark or without one.

import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { notUtf8In, utf8Conversion, utf8Reason } from '@chartwire/sdk/internal/kit/utf8';
import { CliError, EXIT } from './cli-error.ts';

/** Throws where the file can't be read, or isn't UTF-8. */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new CliError(`${path} cannot be read (${error.code}).`, EXIT.usage);
  });
  return textOf(bytes, path);
}

/** Throws where the standard input isn't UTF-8. */
export async function readStdin(): Promise<string> {
  return textOf(await buffer(process.stdin), 'The standard input');
}

/** @param name what an error calls it. */
export function textOf(bytes: Buffer, name: string): string {
  const fault = notUtf8In(bytes);
  if (fault) {
    throw new CliError(
      `${name} cannot be used: ${utf8Reason(fault)}. Convert it first: ${utf8Conversion(fault)}.`,
      EXIT.usage,
    );
  }
  return withoutMark(bytes).toString('utf8');
}

/** Without a byte order mark. */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
