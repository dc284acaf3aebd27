// For whoever runs the place and their machines: is it alive, is it ready, how is it doing.

import type { FastifyPluginAsync } from 'fastify';
import { Registry } from 'prom-client';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { ADMIN_SCOPE } from '@chartwire/sdk/internal/kit/scopes';
import { accessOf } from './access/request-access.ts';
import { within } from './patience.ts';
import type { Services } from './services.ts';

/** Milliseconds for the database to answer that it is there. */
const PATIENCE = 2_000;

export function operations(services: Services, own: Registry): FastifyPluginAsync {
  const registry = services.metrics ? Registry.merge([own, services.metrics]) : own;
  return async (server) => {
    server.get('/healthz', async () => ({ status: 'live' }));
    server.get('/readyz', async (_request, reply) => {
      const reason = await whyNotReady(services);
      if (reason === undefined) return { status: 'ready' };
      return reply.code(503).send({ status: 'not ready', reason });
    });
    server.get('/metrics', async (request, reply) => {
      // Not for whoever calls from this machine: behind a proxy everybody does.
      if (!accessOf(request).scopes.admin) {
        throw new Refusal('access.forbidden', { action: 'read the metrics', scope: ADMIN_SCOPE });
      }
      return reply.type(registry.contentType).send(await registry.metrics());
    });
  };
}

async function whyNotReady({ pool, ready }: Services): Promise<string | undefined> {
  try {
    await within(PATIENCE, pool.query('SELECT 1'));
  } catch {
    return 'The database does not answer.';
  }
  try {
    await ready?.();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'Not ready.';
  }
}
