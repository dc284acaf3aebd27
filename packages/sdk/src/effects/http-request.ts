// Requests to other systems, sent after the commit and tried again until they are answered: an HTTP request, and a webhook,
// which is one signed as Standard Webhooks has it (https://www.standardwebhooks.com).

import { Type } from 'typebox';
import { printJson } from '#kit/json/print.ts';
import { choice, closed, text } from '#kit/schema.ts';
import { SecretBody, SecretText } from '#kit/secret-text.ts';
import { defineEffect } from './definition.ts';

export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** Retries that a plugin may ask for at most. */
const MOST_RETRIES = 20;

const Sent = {
  url: text(8_000, 'its host must be listed under `network` in chartwire.json'),
  headers: Type.Optional(Type.Record(Type.String(), SecretText, { maxProperties: 100 })),
  tag: Type.Optional(text(200, 'comes back with the answer; keep PHI out of it')),
  retries: Type.Optional(
    Type.Integer({ minimum: 0, maximum: MOST_RETRIES, description: 'after the first attempt; 8 unless given' }),
  ),
};

const ANSWERED =
  'Returns HTTP_REQUEST_COMPLETED after a 2xx answer, HTTP_REQUEST_FAILED when it is given up, to handlers of the same plugin.';

export const HttpRequest = defineEffect({
  type: 'HTTP_REQUEST',
  summary: `Sends an HTTP request once the other effects are committed, and retries it until it is answered. ${ANSWERED}`,
  writes: 'Nothing in the chart. A row in the list of requests.',
  payload: closed({
    ...Sent,
    method: Type.Optional(choice([...HTTP_METHODS], 'GET unless given')),
    query: Type.Optional(Type.Record(Type.String(), SecretText, { maxProperties: 100 })),
    body: Type.Optional(SecretBody),
  }),
  example: {
    method: 'POST',
    url: 'https://api.example.org/orders',
    headers: { 'content-type': 'application/json' },
    body: '{"order":"o1"}',
    tag: 'o1',
  },
  scopes: () => [],
  async apply({ method = 'GET', url, query = {}, headers = {}, body = null, tag, retries }, draft, request) {
    const id = draft.newId();
    await request.queue({
      id,
      ask: { method, url, query: Object.entries(query), headers: Object.entries(headers), body },
      tag,
      retries,
    });
    return [];
  },
});

export const SendWebhook = defineEffect({
  type: 'SEND_WEBHOOK',
  summary: `Posts \`{ type, timestamp, data }\` as JSON, signed as Standard Webhooks has it, and retries it until it is answered. ${ANSWERED}`,
  writes: 'Nothing in the chart. A row in the list of requests.',
  payload: closed({
    ...Sent,
    type: Type.String({ pattern: '^[A-Za-z0-9_.-]{1,200}$', description: 'what happened, as task.created' }),
    data: Type.Unknown({ description: 'JSON' }),
    key: Type.String({
      pattern: '^[A-Z][A-Z0-9_]{0,63}$',
      description:
        'the sensitive variable that signs it; its `sendTo` lists `signature:webhook-signature`. A value that begins with `whsec_` is Base64.',
    }),
  }),
  example: {
    url: 'https://hooks.example.org/tasks',
    type: 'task.created',
    data: { task: 't1' },
    key: 'WEBHOOK_SECRET',
  },
  scopes: () => [],
  async apply({ url, headers = {}, type, data, key, tag, retries }, draft, request) {
    const id = draft.newId();
    const body = printJson({ type, timestamp: draft.at, data: data ?? null });
    const sent = Object.entries({ ...headers, 'content-type': 'application/json' });
    await request.queue({ id, ask: { method: 'POST', url, query: [], headers: sent, body }, key, tag, retries });
    return [];
  },
});
