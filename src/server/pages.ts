// The browser's chart, as files: its page at every path that is none of a door, and what the page is made of.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Where the page's parts are: their names change with what is in them. Pattern as registered. */
export const ASSETS = '/assets/*';

/** Nothing from elsewhere runs, is shown, or is asked; styles are set by components as they move. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' blob: data:",
  "frame-src 'self' blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const DOORS = /^\/(?:api|fhir|assets)(?:[/?]|$)/;
const YEAR = 365 * 24 * 60 * 60 * 1000;

/** Serves the folder that the browser's chart was built into. */
export async function servePages(server: FastifyInstance, folder: string): Promise<void> {
  const page = await readFile(join(folder, 'index.html'));
  server.decorate('page', page);
  server.get('/', async (_request, reply) => sendPage(server, reply));
  await server.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: ASSETS.replace('*', ''),
    preCompressed: true,
    index: false,
    immutable: true,
    maxAge: YEAR,
    cacheControl: true,
  });
}

/** Whether a browser asks for a page at a path that has no route: the page itself knows what to show there. */
export function isPage(server: FastifyInstance, request: FastifyRequest): boolean {
  return (
    server.page !== undefined &&
    request.is404 &&
    (request.method === 'GET' || request.method === 'HEAD') &&
    !DOORS.test(request.url) &&
    (request.headers.accept ?? '').includes('text/html')
  );
}

export function sendPage(server: FastifyInstance, reply: FastifyReply): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .headers({ 'content-security-policy': POLICY, 'cache-control': 'no-cache' })
    .send(server.page);
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The page of the browser's chart, where it is served. */
    page?: Buffer;
  }
}
