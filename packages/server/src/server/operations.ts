// Health, readiness, and metrics, for operators and their machines.

import type { FastifyPluginAsync } from 'fastify';
import { Registry } from 'prom-client';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { ADMIN_SCOPE } from '@chartwire/sdk/internal/kit/scopes';
import { accessOf } from './access/request-access.ts';
import { within } from './patience.ts';
import type { Services } from './services.ts';

/** Milliseconds for the database to answer. */
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
      // Local callers aren't exempt: behind a proxy everyone looks local.
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
