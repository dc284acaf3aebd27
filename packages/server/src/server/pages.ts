// The browser's chart, as files: its page at every path that is none of a door's, and what the page is made of. And the
// documentation, at /docs.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic, { type FastifyStaticOptions } from '@fastify/static';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { DOCS_POLICY, LANDING_POLICY, PAGE_POLICY } from './headers.ts';
import { LANDING_PAGE } from './landing.ts';
import type { Services } from './services.ts';

/** Where the page's parts are: their names change with what is in them. */
const ASSETS = '/assets/';
/** Where the documentation is. */
const DOCS = '/docs';
/** The routes of files that hold nothing of any patient. */
export const PUBLIC_FILES = [`${ASSETS}*`, DOCS, `${DOCS}/*`];

const DOORS = /^\/(?:api|fhir|assets|docs)(?:[/?]|$)/;
const RANGE_NOT_SATISFIABLE = 416;
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

export class Pages {
  readonly #assets: string | undefined;
  readonly #page: string | Buffer;
  readonly #policy: string;
  readonly #docs: string | undefined;

  /** `web` is the folder that the browser's chart was built into; without one there is a landing page. */
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
          // Kept, and asked for by its tag each time: the names of the files stay when the docs change.
          reply.header('cache-control', 'no-cache');
        },
      });
    }
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

function serveFiles(server: FastifyInstance, options: FastifyStaticOptions & { readonly prefix: string }): void {
  server.register(async (files) => {
    files.setErrorHandler((error: FastifyError, { method }) => {
      // A path that no file can have (a NUL, `..`) is refused there with a status of its own: here it leads nowhere.
      const refused =
        error.statusCode !== undefined && error.statusCode < 500 && error.statusCode !== RANGE_NOT_SATISFIABLE;
      throw refused ? new Refusal('route.unknown', { method, path: options.prefix }) : error;
    });
    await files.register(fastifyStatic, { preCompressed: true, ...options });
  });
}
