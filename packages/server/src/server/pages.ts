// The browser's chart, as files: its page at every path that is none of a door's, and what the page is made of.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { LANDING_POLICY, PAGE_POLICY } from './headers.ts';
import { LANDING_PAGE } from './landing.ts';

/** Where the page's parts are: their names change with what is in them. */
const ASSETS = '/assets/';
/** The same as a route. */
export const ASSET_ROUTE = `${ASSETS}*`;

const DOORS = /^\/(?:api|fhir|assets)(?:[/?]|$)/;
const RANGE_NOT_SATISFIABLE = 416;
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

export class Pages {
  readonly #assets: string | undefined;
  readonly #page: string | Buffer;
  readonly #policy: string;

  /** `folder` is what the browser's chart was built into; without one there is a landing page. */
  constructor(folder?: string) {
    this.#assets = folder && join(folder, 'assets');
    this.#page = folder ? readFileSync(join(folder, 'index.html')) : LANDING_PAGE;
    this.#policy = folder ? PAGE_POLICY : LANDING_POLICY;
  }

  serve(server: FastifyInstance): void {
    server.get('/', async (_request, reply) => this.send(reply));
    const root = this.#assets;
    if (!root) return;
    server.register(async (files) => {
      files.setErrorHandler((error: FastifyError, { method }) => {
        // A path that no file can have (a NUL, `..`) is refused there with a status of its own: here it leads nowhere.
        const refused =
          error.statusCode !== undefined && error.statusCode < 500 && error.statusCode !== RANGE_NOT_SATISFIABLE;
        throw refused ? new Refusal('route.unknown', { method, path: ASSETS }) : error;
      });
      await files.register(fastifyStatic, {
        root,
        prefix: ASSETS,
        preCompressed: true,
        index: false,
        immutable: true,
        maxAge: YEAR_MS,
      });
    });
  }

  /** Whether a browser asks for a page at a path that has no route: the page itself knows what to show there. */
  answers(request: FastifyRequest): boolean {
    if (!this.#assets || !request.is404 || DOORS.test(request.url)) return false;
    const reads = request.method === 'GET' || request.method === 'HEAD';
    return reads && (request.headers.accept ?? '').includes('text/html');
  }

  send(reply: FastifyReply): FastifyReply {
    return reply.type('text/html; charset=utf-8').header('content-security-policy', this.#policy).send(this.#page);
  }
}
