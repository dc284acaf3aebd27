// The web app as files: its page at every path that isn't an API's, and its assets. And the documentation, at /docs.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic, { type FastifyStaticOptions } from '@fastify/static';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { DOCS_POLICY, LANDING_POLICY, PAGE_POLICY } from './headers.ts';
import { LANDING_PAGE } from './landing.ts';
import type { Services } from './services.ts';

/** The app's assets, whose names change with their content. */
const ASSETS = '/assets/';
/** The documentation. */
const DOCS = '/docs';
/** Routes of files without patient data. */
export const PUBLIC_FILES = [`${ASSETS}*`, DOCS, `${DOCS}/*`];

const DOORS = /^\/(?:api|fhir|assets|docs)(?:[/?]|$)/;
const RANGE_NOT_SATISFIABLE = 416;
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

export class Pages {
  readonly #assets: string | undefined;
  readonly #page: string | Buffer;
  readonly #policy: string;
  readonly #docs: string | undefined;

  /** `web` is the folder of the built web app. Without it there is a landing page. */
  constructor({ web, docs }: Pick<Services, 'web' | 'docs'>) {
    this.#assets = web && join(web, 'assets');
    this.#page = web ? readFileSync(join(web, 'index.html')) : LANDING_PAGE;
    this.#policy = web ? PAGE_POLICY : LANDING_POLICY;
    this.#docs = docs;
  }

  serve(server: FastifyInstance): void {
    server.get('/', async (_request, reply) => this.send(reply));
    if (this.#assets)
      serveFiles(server, { root: this.#assets, prefix: ASSETS, index: false, immutable: true, maxAge: YEAR_MS });
    if (this.#docs) {
      server.get(DOCS, async (_request, reply) => reply.redirect(`${DOCS}/`));
      serveFiles(server, {
        root: this.#docs,
        prefix: `${DOCS}/`,
        decorateReply: false,
        setHeaders: (reply) => {
          reply.header('content-security-policy', DOCS_POLICY);
          // Cached but revalidated, since the docs' file names stay the same when their content changes.
          reply.header('cache-control', 'no-cache');
        },
      });
    }
  }

  /** Whether a browser requests a page at a path without a route. The app decides what to show. */
  answers(request: FastifyRequest): boolean {
    if (!this.#assets || !request.is404 || DOORS.test(request.url)) return false;
    const reads = request.method === 'GET' || request.method === 'HEAD';
    return reads && (request.headers.accept ?? '').includes('text/html');
  }

  send(reply: FastifyReply): FastifyReply {
    return reply.type('text/html; charset=utf-8').header('content-security-policy', this.#policy).send(this.#page);
  }
}

function serveFiles(server: FastifyInstance, options: FastifyStaticOptions & { readonly prefix: string }): void {
  server.register(async (files) => {
    files.setErrorHandler((error: FastifyError, { method }) => {
      // Impossible file paths (a NUL, `..`) would get a status of their own there; here they are simply not found.
      const refused =
        error.statusCode !== undefined && error.statusCode < 500 && error.statusCode !== RANGE_NOT_SATISFIABLE;
      throw refused ? new Refusal('route.unknown', { method, path: options.prefix }) : error;
    });
    await files.register(fastifyStatic, { preCompressed: true, ...options });
  });
}
