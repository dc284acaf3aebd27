// The browser's chart, as files: its page at every path that is none of a door's, and what the page is made of.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LANDING_PAGE } from './landing.ts';

/** Where the page's parts are: their names change with what is in them. */
const ASSETS = '/assets/';
/** The same as a route. */
export const ASSET_ROUTE = `${ASSETS}*`;

/** Nothing from elsewhere runs, is shown, or is asked; styles are set by components as they move. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' blob: data:",
  "frame-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The page without a script, where the browser's chart is not served. */
const LANDING_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const DOORS = /^\/(?:api|fhir|assets)(?:[/?]|$)/;
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

export class Pages {
  readonly #assets: string | undefined;
  readonly #page: string | Buffer;
  readonly #policy: string;

  /** `folder` is what the browser's chart was built into; without one there is a landing page. */
  constructor(folder?: string) {
    this.#assets = folder && join(folder, 'assets');
    this.#page = folder ? readFileSync(join(folder, 'index.html')) : LANDING_PAGE;
    this.#policy = folder ? POLICY : LANDING_POLICY;
  }

  serve(server: FastifyInstance): void {
    server.get('/', async (_request, reply) => this.send(reply));
    if (!this.#assets) return;
    server.register(fastifyStatic, {
      root: this.#assets,
      prefix: ASSETS,
      preCompressed: true,
      index: false,
      immutable: true,
      maxAge: YEAR_MS,
    });
  }

  /** Whether a browser asks for a page at a path that has no route: the page itself knows what to show there. */
  answers(request: FastifyRequest): boolean {
    if (!this.#assets || !request.is404 || DOORS.test(request.url)) return false;
    const reads = request.method === 'GET' || request.method === 'HEAD';
    return reads && (request.headers.accept ?? '').includes('text/html');
  }

  send(reply: FastifyReply): FastifyReply {
    return reply
      .type('text/html; charset=utf-8')
      .headers({ 'content-security-policy': this.#policy, 'cache-control': 'no-cache' })
      .send(this.#page);
  }
}
