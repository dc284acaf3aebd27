// A queued request as it is sent: a webhook is signed at each attempt anew, as Standard Webhooks has it.

import type { QueuedRequest } from '@chartwire/sdk/internal/effects/port';
import type { SecretPairs } from '@chartwire/sdk/internal/kit/secret-text';
import type { HttpAsk } from '#plugin-host/protocol.ts';
import { portOf } from '#plugin-host/hosts.ts';
import type { VariableValues } from '../plugin-variables.ts';

/** `now`: milliseconds since 1970. */
export function askOf({ id, ask, key }: QueuedRequest, now: number): HttpAsk {
  const { method, url, query, body } = ask;
  const signed = key === undefined ? [] : signature(id, key, Math.floor(now / 1_000));
  const own = new Set(signed.map(([name]) => name));
  const headers = [...ask.headers.filter(([name]) => !own.has(name.toLowerCase())), ...signed];
  return { kind: 'http', method, url, query, headers, body };
}

function signature(id: string, key: string, seconds: number): SecretPairs {
  const signed = { hmac: key, before: `${id}.${seconds}.`, encoding: 'base64' as const, webhook: true as const };
  return [
    ['webhook-id', id],
    ['webhook-timestamp', String(seconds)],
    ['webhook-signature', ['v1,', signed]],
  ];
}

/** `host:port`. The address was checked. */
export function hostOf(url: string): string {
  const target = new URL(url);
  return `${target.hostname}:${portOf(target)}`;
}

/** Values of the sensitive variables, which only the host puts in. */
export function secretsOf(variables: VariableValues): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, { value, sensitive }]) => (sensitive ? [[name, value]] : [])),
  );
}
