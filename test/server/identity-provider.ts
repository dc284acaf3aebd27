// A small OpenID Connect provider: signs in whoever the test says, and checks what a provider checks.

import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface IdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Claims of whoever signs in next, beside those of the protocol; they may replace these. */
  claims: Record<string, unknown>;
  /** What UserInfo answers; nothing but the subject unless given. */
  userInfo: Record<string, unknown> | undefined;
  close(): Promise<void>;
}

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const codes = new Map<string, URLSearchParams>();
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = {
    issuer,
    clientId: 'chartwire',
    clientSecret: 'the secret of these tests',
    claims: {},
    userInfo: undefined as Record<string, unknown> | undefined,
  };

  const doors: Record<string, (url: URL, request: IncomingMessage) => Promise<object | URL>> = {
    '/.well-known/openid-configuration': async () => ({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      userinfo_endpoint: `${issuer}/userinfo`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_post'],
    }),
    '/keys': async () => ({ keys: [{ ...(await exportJWK(publicKey)), alg: 'RS256', use: 'sig' }] }),
    '/userinfo': async () => provider.userInfo ?? { sub: (provider.claims as { sub?: string }).sub },
    '/authorize': async ({ searchParams }) => {
      const code = randomUUID();
      codes.set(code, searchParams);
      const back = new URL(searchParams.get('redirect_uri')!);
      back.search = new URLSearchParams({ code, state: searchParams.get('state')! }).toString();
      return back;
    },
    '/token': async (_url, request) => {
      const form = new URLSearchParams(await text(request));
      const asked = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      const right =
        asked?.get('code_challenge') === challenge &&
        asked.get('redirect_uri') === form.get('redirect_uri') &&
        form.get('client_secret') === provider.clientSecret;
      if (!right) return { error: 'invalid_grant' };
      const iat = Math.floor(Date.now() / 1_000);
      const usual = { nonce: asked.get('nonce'), iss: issuer, aud: provider.clientId, iat };
      const id_token = await new SignJWT({ ...usual, ...provider.claims })
        .setProtectedHeader({ alg: 'RS256' })
        .setExpirationTime('5m')
        .sign(privateKey);
      return { access_token: randomUUID(), token_type: 'bearer', id_token };
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, issuer);
    const said = await doors[url.pathname]!(url, request);
    if (said instanceof URL) return void response.writeHead(302, { location: said.href }).end();
    const status = 'error' in said ? 400 : 200;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
  }

  return Object.assign(provider, {
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}
