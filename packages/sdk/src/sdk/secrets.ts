// Sensitive variables in a plugin are references. The value stays with the host, which inserts it into outgoing requests, only
// where chartwire.json allows it.

/** One piece of a text with secrets, as the host receives it. */
export type SecretPart =
  | string
  /** The variable's value. */
  | { readonly secret: string }
  /** Base64 of the parts' UTF-8. */
  | { readonly base64: (string | { readonly secret: string })[] }
  /** HMAC-SHA256 (RFC 2104) of `before` and the request's body, keyed with the variable's value. */
  | { readonly hmac: string; readonly before: string; readonly encoding: 'hex' | 'base64'; readonly webhook?: true };

/** A plugin's script and the loader around it each load this file, so they recognize each other's references by this symbol. */
const PARTS = Symbol.for('chartwire.secret');

/**
 * A sensitive variable, or a text that contains one. Only the host can read it. It can be the value of a header, `query`, or
 * `form`, any value in a JSON body, or a text body. As a string or JSON it is a placeholder such as `[secret TOKEN]`.
 */
export class Secret {
  readonly [PARTS]: readonly SecretPart[];

  constructor(parts: readonly SecretPart[]) {
    this[PARTS] = Object.freeze(parts);
    Object.freeze(this);
  }

  toString(): string {
    return shownParts(this[PARTS]);
  }

  toJSON(): string {
    return this.toString();
  }
}

/** The parts of a reference; undefined for anything else. */
export function secretParts(value: unknown): readonly SecretPart[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Partial<Secret>)[PARTS];
}

/** Placeholders in place of secrets. */
export function shownParts(parts: readonly SecretPart[]): string {
  return parts.map(shownPart).join('');
}

function shownPart(part: SecretPart): string {
  if (typeof part === 'string') return part;
  if ('secret' in part) return `[secret ${part.secret}]`;
  if ('hmac' in part) return `[signature ${part.hmac}]`;
  return `[base64 ${shownParts(part.base64)}]`;
}

/** A template tag for text around secrets: `` secretText`Token ${this.variables.TOKEN}` ``. */
export function secretText(texts: TemplateStringsArray, ...values: readonly (string | number | Secret)[]): Secret {
  const parts: SecretPart[] = [];
  texts.forEach((text, index) => {
    if (text !== '') parts.push(text);
    if (index === values.length) return;
    const value = values[index];
    parts.push(...(secretParts(value) ?? [String(value)]));
  });
  return new Secret(parts);
}

/** The value of an Authorization header: `Bearer` and the token (RFC 6750). */
export function bearer(token: string | Secret): Secret {
  return secretText`Bearer ${token}`;
}

/**
 * The value of an Authorization header: `Basic`, and user name and password in Base64 (RFC 7617).
 *
 * @throws {TypeError} when either contains a signature
 */
export function basicAuth(user: string | Secret, password: string | Secret): Secret {
  const base64 = [...plainParts(user), ':', ...plainParts(password)];
  return new Secret(['Basic ', { base64 }]);
}

function plainParts(value: string | Secret): (string | { readonly secret: string })[] {
  return (secretParts(value) ?? [String(value)]).map((part) => {
    if (typeof part === 'string' || 'secret' in part) return part;
    throw new TypeError('A user name and a password may hold variables, and no signature.');
  });
}

/**
 * A header value: the HMAC-SHA256 (RFC 2104) of the request's body as sent, keyed with a sensitive variable. Add text around it
 * with `` secretText`sha256=${signedWith(this.variables.KEY)}` ``. `before` is signed ahead of the body (some receivers want
 * `${timestamp}.`); `encoding` defaults to `hex`.
 *
 * @throws {TypeError} when `key` isn't a sensitive variable
 */
export function signedWith(
  key: string | Secret | undefined,
  { before = '', encoding = 'hex' }: { readonly before?: string; readonly encoding?: 'hex' | 'base64' } = {},
): Secret {
  const [part, ...more] = secretParts(key) ?? [];
  if (typeof part !== 'object' || !('secret' in part) || more.length > 0) {
    throw new TypeError('Only a variable that is sensitive, and set, can sign.');
  }
  return new Secret([{ hmac: part.secret, before, encoding }]);
}
