// Sensitive variables as a plugin holds them: references. The value stays with the host, which puts it into the request
// on its way out, where chartwire.json says that it may go.

/** One piece of a text that holds secrets, as it's handed to the host. */
export type SecretPart =
  | string
  /** The variable's value. */
  | { readonly secret: string }
  /** Base64 of what the parts come to, in UTF-8. */
  | { readonly base64: (string | { readonly secret: string })[] }
  /** HMAC-SHA256 (RFC 2104) of `before` and the request's body, keyed with the variable's value. */
  | { readonly hmac: string; readonly before: string; readonly encoding: 'hex' | 'base64' };

/** The plugin's script and the loader around it each have this file: they find each other's references by this symbol. */
const PARTS = Symbol.for('chartwire.secret');

/**
 * A sensitive variable, or a text that holds one. Only the host can read it: it can be the value of a header, of `query`,
 * of `form`, anywhere in a JSON body, or a text body. As a string or JSON it's a placeholder such as `[secret TOKEN]`.
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

/** The parts of a reference; undefined of anything else. */
export function secretParts(value: unknown): readonly SecretPart[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Partial<Secret>)[PARTS];
}

/** Each secret by its name. */
export function shownParts(parts: readonly SecretPart[]): string {
  return parts.map(shownPart).join('');
}

function shownPart(part: SecretPart): string {
  if (typeof part === 'string') return part;
  if ('secret' in part) return `[secret ${part.secret}]`;
  if ('hmac' in part) return `[signature ${part.hmac}]`;
  return `[base64 ${shownParts(part.base64)}]`;
}

/** Text around secrets: `` secretText`Token ${this.variables.TOKEN}` ``. */
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

/** An Authorization header's value: `Bearer`, and the token. */
export function bearer(token: string | Secret): Secret {
  return secretText`Bearer ${token}`;
}

/** An Authorization header's value: `Basic`, and the user's name and password in Base64 (RFC 7617). */
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
 * A header's value: the HMAC-SHA256 of the request's body as it's sent, keyed with a sensitive variable. Put text around
 * it with `` secretText`sha256=${signedWith(this.variables.KEY)}` ``. `before` is signed ahead of the body (`${timestamp}.`
 * where a receiver wants it so); `encoding` is `hex` unless given. Throws a TypeError for anything but a variable.
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
