// Security headers of every answer: framing, reading, caching, and permissions. Set only here; a route with another policy
// replaces that header.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** A document loads and runs nothing, and nobody can frame it. Harmless for other answers. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/**
 * The app: only its own files. Text can't become code (Trusted Types). Components set styles as they move.
 * https://www.w3.org/TR/CSP3/
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "frame-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** The documentation: only its own files, and a Trusted Types policy with which it loads its search index. */
export const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types chartwire-docs',
].join('; ');

/** The page without scripts, used when the web app isn't served. */
export const LANDING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/**
 * For a file from outside: whatever its type, it has no origin, so it can't reach anything of ours. Pages of this server may show
 * it. An answer with a sandbox can't have an opener policy, or a browser refuses to open it.
 */
export const FILE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'self'",
  'cross-origin-opener-policy': 'unsafe-none',
};

/** For our PDFs: the browser's viewer may show them in their own tab, and styles its page. */
export const PDF_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'",
};

/** Device features that no screen uses. */
const UNUSED = [
  ...['accelerometer', 'camera', 'display-capture', 'geolocation', 'gyroscope', 'magnetometer', 'microphone', 'midi'],
  ...['payment', 'publickey-credentials-get', 'screen-wake-lock', 'serial', 'usb', 'xr-spatial-tracking'],
];

const ALWAYS: Readonly<Record<string, string>> = {
  'content-security-policy': NOTHING,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': UNUSED.map((feature) => `${feature}=()`).join(', '),
  // Patient data: nothing in between may store it, unless a route says otherwise.
  'cache-control': 'no-store',
};

/** A year. Only over https, since browsers ignore it over http. https://www.rfc-editor.org/rfc/rfc6797 */
const HTTPS_ONLY = 'max-age=31536000; includeSubDomains';

/** Adds them to every answer, including those without a route. */
export function guardAnswers(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => guardAnswer(request, reply));
}

/** For an answer that is sent before any hook runs. */
export function guardAnswer(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({ ...ALWAYS, 'x-request-id': request.id });
  if (request.protocol === 'https') reply.header('strict-transport-security', HTTPS_ONLY);
}

/** The same as lines of HTTP, for connections without a request. */
export const RAW_HEADERS: readonly string[] = Object.entries(ALWAYS).map(([name, value]) => `${name}: ${value}`);
