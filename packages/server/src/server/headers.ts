// What every answer tells the browser that gets it: who may show it in a frame, read it, keep it, and what it may do. The one
// place that sets these headers; a route that needs another policy replaces that one header.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** A document loads nothing, runs nothing and is framed by nobody. Answers that are no documents lose nothing by it. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/**
 * The page: its own files and nothing from elsewhere. No text becomes code (Trusted Types). Components set styles as they move.
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

/** The documentation: its own files, and a policy of Trusted Types with which it loads its search index. */
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

/** The page without a script, where the browser's chart is not served. */
export const LANDING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/**
 * For a file that came from outside: whatever it says it is, it has no origin, so it reaches nothing of ours. Pages of this
 * server may show it. An answer with a sandbox can't have an opener policy: a browser refuses to open it.
 */
export const FILE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'self'",
  'cross-origin-opener-policy': 'unsafe-none',
};

/** For a PDF of ours: the browser's own viewer may show it, by itself in a tab. It styles its page. */
export const PDF_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'",
};

/** What no screen of ours asks a device for. */
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
  // Patient data: nothing between here and the reader may keep it, unless a route says otherwise.
  'cache-control': 'no-store',
};

/** A year. Only over https: over http a browser must ignore it. https://www.rfc-editor.org/rfc/rfc6797 */
const HTTPS_ONLY = 'max-age=31536000; includeSubDomains';

/** Adds them to every answer that a route, or the lack of one, gives. */
export function guardAnswers(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => guardAnswer(request, reply));
}

/** For an answer that comes before any hook runs. */
export function guardAnswer(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({ ...ALWAYS, 'x-request-id': request.id });
  if (request.protocol === 'https') reply.header('strict-transport-security', HTTPS_ONLY);
}

/** The same as lines of HTTP, where there's no request to answer. */
export const RAW_HEADERS: readonly string[] = Object.entries(ALWAYS).map(([name, value]) => `${name}: ${value}`);
