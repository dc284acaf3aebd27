// fetch of the Fetch Standard, as far as the host supports it, on top of `this.http` with its hosts, limits, and record.

import { secretParts } from '@chartwire/sdk/internal/sdk/secrets';
import { bodyText } from './body.ts';
import { Headers, keyOf, pairsOf } from './headers.ts';
import { type Response, responseOf } from './response.ts';

const TAKEN = ['method', 'headers', 'body'];
/** Options that are accepted only with the host's fixed behavior, and what to do instead. */
const FIXED: Readonly<Record<string, { readonly values: readonly unknown[]; readonly instead: string }>> = {
  cache: { values: ['default', 'no-store', 'no-cache', 'reload'], instead: 'no answer is cached' },
  credentials: { values: ['omit', 'same-origin'], instead: 'there are no cookies: send an authorization header' },
  mode: { values: ['cors', 'same-origin'], instead: 'the host calls any host that chartwire.json names under network' },
  redirect: { values: ['follow'], instead: 'the host follows redirects to hosts that chartwire.json names' },
  signal: { values: [null], instead: 'the host ends a request after 10 seconds' },
  query: { values: [], instead: 'put it into the URL with URLSearchParams, or use this.http.fetch' },
  form: { values: [], instead: 'give URLSearchParams as the body, or use this.http.fetch' },
  duplex: { values: ['half'], instead: 'a body is sent as a whole' },
};

/** Rejects with a TypeError if no response came; its `cause` is the host's refusal with a `code`. */
export async function fetch(input: unknown, init: unknown = {}): Promise<Response> {
  const options = optionsOf(init);
  const method = String(options.method ?? 'GET').toUpperCase();
  const { text, type } = bodyText(options.body);
  if (text !== null && (method === 'GET' || method === 'HEAD')) throw new TypeError(`A ${method} request has no body`);
  const headers = headersOf(options.headers);
  if (type && !('content-type' in headers)) headers['content-type'] = type;
  return responseOf(await answered(String(input), { method, headers, body: text }));
}

/** Reads each option once. */
function optionsOf(init: unknown): { method?: unknown; headers?: unknown; body?: unknown } {
  if (init === null || init === undefined) return {};
  if (typeof init !== 'object') throw new TypeError('The options of fetch are an object');
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(init)) {
    if (TAKEN.includes(name)) options[name] = value;
    else if (value !== undefined && !FIXED[name]?.values.includes(value)) {
      const instead = FIXED[name]?.instead ?? 'it would have no effect';
      throw new TypeError(`A plugin’s fetch takes method, headers and body, and not ${name}: ${instead}`);
    }
  }
  return options;
}

/** Secrets in a request stay references. */
function headersOf(given: unknown): Record<string, unknown> {
  const plain = new Headers();
  const secrets: Record<string, unknown> = {};
  for (const [name, value] of given === undefined || given === null ? [] : pairsOf(given)) {
    if (secretParts(value)) secrets[keyOf(name)] = value;
    else plain.append(name, value as string);
  }
  return { ...Object.fromEntries(plain), ...secrets };
}

async function answered(url: string, options: object) {
  try {
    return await given.request(url, options);
  } catch (refusal) {
    throw new TypeError(refusal instanceof Error ? refusal.message : String(refusal), { cause: refusal });
  }
}
