// The identity provider that people may sign in with, from the environment.

import { readFileSync } from 'node:fs';
import type { OidcSettings } from '#server/access/oidc.ts';
import { CliError, EXIT } from './cli-error.ts';
import { textOf } from './text-input.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Undefined when none is named. Refuses, with a sentence, what could not work. */
export function oidcSettings(env: Environment): OidcSettings | undefined {
  const issuer = env.CHARTWIRE_OIDC_ISSUER;
  if (!issuer) return undefined;
  return {
    issuer: addressOf(issuer),
    clientId: needed(env, 'CHARTWIRE_OIDC_CLIENT_ID'),
    clientSecret: env.CHARTWIRE_OIDC_CLIENT_SECRET_FILE
      ? contentOf(env.CHARTWIRE_OIDC_CLIENT_SECRET_FILE)
      : needed(env, 'CHARTWIRE_OIDC_CLIENT_SECRET'),
    name: env.CHARTWIRE_OIDC_NAME || new URL(issuer).hostname,
    create: env.CHARTWIRE_OIDC_CREATE === '1',
  };
}

/** Plain HTTP only on this machine: otherwise anyone on the network could sign in as anyone. */
function addressOf(issuer: string): string {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  const local = url && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && local)) return issuer;
  throw new CliError(`CHARTWIRE_OIDC_ISSUER must be an https address, not ${issuer}.`, EXIT.usage);
}

function needed(env: Environment, name: string): string {
  const value = env[name];
  if (value) return value;
  throw new CliError(`CHARTWIRE_OIDC_ISSUER is set, but ${name} isn’t: set both.`, EXIT.usage);
}

function contentOf(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(`CHARTWIRE_OIDC_CLIENT_SECRET_FILE cannot be read (${code}): ${file}.`);
  }
  return textOf(bytes, file).trim();
}
