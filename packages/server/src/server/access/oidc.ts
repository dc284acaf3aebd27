// Sign-in with an identity provider: OpenID Connect's code flow with PKCE. All state is derived from one secret in the browser's
// cookie, so any node can finish what another started.

import { createHmac } from 'node:crypto';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  type IDToken,
  type UserInfoResponse,
} from 'openid-client';
import { OIDC_CALLBACK } from '@chartwire/client/internal/contract/oidc';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { newSecret } from './secrets.ts';

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Text of the button: `Sign in with {name}`. */
  readonly name: string;
  /** Whether an unknown person becomes a staff user. Otherwise only existing users can sign in. */
  readonly create: boolean;
}

/** The identity asserted by the provider. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  /** Only if the provider has verified it. */
  readonly email: string | null;
  readonly name: string | null;
}

/** Seconds that the provider has to answer. */
const PATIENCE = 10;
/** Seconds that an ID token may be in the future (clocks differ), and old (it is fetched when needed). */
const AHEAD = 120;
const OLDEST = 600;

export class Oidc {
  readonly settings: OidcSettings;
  #configuration: Promise<Configuration> | undefined;

  constructor(settings: OidcSettings) {
    this.settings = settings;
  }

  /** Where to redirect the browser, and the secret that it must bring back. */
  async start(origin: string): Promise<{ readonly url: string; readonly secret: string }> {
    const secret = newSecret();
    const { state, nonce, verifier } = partsOf(secret);
    const url = buildAuthorizationUrl(await this.#discovered(), {
      redirect_uri: origin + OIDC_CALLBACK,
      scope: 'openid email profile',
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    return { url: url.href, secret };
  }

  /** The identity for the callback's `query`, in the browser with the secret from the start. */
  async finish(origin: string, query: Readonly<Record<string, string>>, secret: string | undefined): Promise<Identity> {
    if (secret === undefined) throw new Refusal('oidc.expired');
    if (query.error === 'access_denied') throw new Refusal('oidc.canceled');
    const { state, nonce, verifier } = partsOf(secret);
    const configuration = await this.#discovered();
    const url = new URL(`${origin}${OIDC_CALLBACK}?${new URLSearchParams(query)}`);
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
    const tokens = await authorizationCodeGrant(configuration, url, checks).catch(refuse);
    const claims = tokens.claims()!;
    requireOwnToken(claims, this.settings.clientId);
    const told = needsUserInfo(claims, configuration)
      ? await fetchUserInfo(configuration, tokens.access_token, claims.sub).catch(refuse)
      : claims;
    const name = told.name ?? claims.name;
    return {
      issuer: claims.iss,
      subject: claims.sub,
      email: verifiedEmail(told),
      name: typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, 200) : null,
    };
  }

  /** Loaded when first needed, and again after a failure. */
  async #discovered(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    const url = new URL(issuer);
    this.#configuration ??= discovery(url, clientId, clientSecret, undefined, {
      timeout: PATIENCE,
      ...(url.protocol === 'http:' && { execute: [allowInsecureRequests] }),
    });
    try {
      return await this.#configuration;
    } catch {
      this.#configuration = undefined;
      throw new Refusal('oidc.unreachable');
    }
  }
}

/** The library's messages quote the response; its codes don't. */
function refuse(error: { code?: string }): never {
  throw new Refusal('oidc.refused', { reason: error.code ?? 'INVALID_RESPONSE' });
}

/** Checks required by OpenID Connect Core 3.1.3.7 beyond the library's: audience and time. */
function requireOwnToken({ azp, iat }: IDToken, clientId: string): void {
  if (azp !== undefined && azp !== clientId) throw new Refusal('oidc.refused', { reason: 'AZP_OF_ANOTHER_CLIENT' });
  const age = Date.now() / 1_000 - iat;
  if (!(age >= -AHEAD)) throw new Refusal('oidc.refused', { reason: 'IAT_IN_THE_FUTURE' });
  if (!(age <= OLDEST)) throw new Refusal('oidc.refused', { reason: 'IAT_TOO_OLD' });
}

/** Many providers return the address only from UserInfo (Core 5.4). An address and its verification must come from one source. */
function needsUserInfo({ email, email_verified }: IDToken, configuration: Configuration): boolean {
  const missing = email === undefined || email_verified === undefined;
  return missing && configuration.serverMetadata().userinfo_endpoint !== undefined;
}

/** Some providers send the boolean as text. */
function verifiedEmail({ email, email_verified }: IDToken | UserInfoResponse): string | null {
  const verified = email_verified === true || (email_verified as unknown) === 'true';
  return typeof email === 'string' && verified ? email : null;
}

/** The parts can't be derived from each other, nor the secret from any. */
function partsOf(secret: string): { state: string; nonce: string; verifier: string } {
  const part = (name: string): string => createHmac('sha256', secret).update(name).digest('base64url');
  return { state: part('state'), nonce: part('nonce'), verifier: part('verifier') };
}
