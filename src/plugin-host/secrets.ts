// Sensitive variables on their way out and back: a plugin holds stand-ins, the other system gets the values, and whatever
// comes back shows the stand-ins again. A header may also be signed with one: its stand-in becomes the HMAC of the body.

import { createHmac } from 'node:crypto';

/** A stand-in in text, and as `encodeURIComponent` would leave it in an address. */
const STAND_IN = /(?:\{\{secret:|%7B%7Bsecret%3A)([A-Z][A-Z0-9_]{0,63})(?:\}\}|%7D%7D)/gi;

/** What sdk/http.ts makes of a stand-in to sign with it. */
const SIGNATURE = /\{\{hmac-sha256:([A-Z][A-Z0-9_]{0,63})\}\}/g;

export function standIn(name: string): string {
  return `{{secret:${name}}}`;
}

export class Secrets {
  readonly #values: Readonly<Record<string, string>>;

  constructor(values: Readonly<Record<string, string>>) {
    this.#values = values;
  }

  /** Text with each stand-in replaced by its value; one of an unknown name stays. */
  putIn(text: string): string {
    return this.#replace(text, (value) => value);
  }

  /** A header's text, with each signature of the body in its place: HMAC-SHA256 (RFC 2104), in hexadecimal. */
  putIntoHeader(text: string, body: string): string {
    const signed = text.replace(SIGNATURE, (whole, name: string) => {
      const value = this.#value(name);
      return value === undefined ? whole : createHmac('sha256', value).update(body).digest('hex');
    });
    return this.putIn(signed);
  }

  /** An address: a value inside it is escaped; one that it begins with is an address itself. */
  putIntoUrl(url: string): string {
    const whole = /^\{\{secret:([A-Z][A-Z0-9_]{0,63})\}\}/.exec(url);
    const value = whole && this.#value(whole[1]!);
    if (!whole || value === undefined) return this.#replace(url, encodeURIComponent);
    return value + this.#replace(url.slice(whole[0].length), encodeURIComponent);
  }

  /** Whether any stand-in of a known name is in the text. */
  in(text: string): boolean {
    return this.putIn(text) !== text;
  }

  /** Text with each value replaced by its stand-in: an answer may echo what it was sent. */
  hide(text: string): string {
    let hidden = text;
    for (const [name, value] of Object.entries(this.#values)) {
      // One of a few letters would turn up by chance; it protects nothing anyway.
      if (value.length < 4) continue;
      for (const form of new Set([value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])) {
        hidden = hidden.replaceAll(form, standIn(name));
      }
    }
    return hidden;
  }

  #value(name: string): string | undefined {
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
  }

  #replace(text: string, form: (value: string) => string): string {
    return text.replace(STAND_IN, (whole, name: string) => {
      const value = this.#value(name);
      return value === undefined ? whole : form(value);
    });
  }
}
