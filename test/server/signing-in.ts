// People for the tests of signing in: made by the administrator, with a browser that keeps its cookie.

import assert from 'node:assert/strict';
import type { Answered, RunningApp } from './running-app.ts';

export const PASSWORD = 'four unlikely words together';

let addresses = 0;

/** For a server that believes its proxy on this machine: each browser has an address of its own. */
export class TestBrowser {
  readonly #url: string;
  readonly #address = `10.1.0.${++addresses}`;
  /** Of the session. */
  cookie: string | undefined;
  /** By which the browser is known to who has signed in with it. */
  known: string | undefined;
  csrf: string | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** As the application sends it: with the cookie, and the token where something is changed. */
  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answered> {
    const type = path.startsWith('/fhir') ? 'application/fhir+json' : 'application/json';
    const response = await fetch(this.#url + path, {
      method,
      redirect: 'manual',
      headers: {
        'x-forwarded-for': this.#address,
        ...((this.cookie ?? this.known) !== undefined && {
          cookie: [this.cookie, this.known].filter((one) => one !== undefined).join('; '),
        }),
        ...(this.csrf !== undefined && method !== 'GET' && { 'x-csrf-token': this.csrf }),
        ...(body !== undefined && { 'content-type': type }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    for (const set of response.headers.getSetCookie()) {
      const [cookie] = set.split(';') as [string];
      if (/^(?:__Host-)?chartwire_session=/.test(cookie)) this.cookie = cookie;
      if (/^(?:__Host-)?chartwire_browser=/.test(cookie)) this.known = cookie;
    }
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
    const json = isJson ? JSON.parse(text) : undefined;
    if (response.ok && json?.csrf) this.csrf = json.csrf;
    return { status: response.status, headers: response.headers, text, json };
  }

  signIn(login: string, password = PASSWORD): Promise<Answered> {
    return this.ask('POST', '/api/session', { login, password });
  }

  /** The same browser as somebody has it who copied the cookie. */
  stolen(): TestBrowser {
    const copy = new TestBrowser(this.#url);
    copy.cookie = this.cookie;
    copy.csrf = this.csrf;
    return copy;
  }
}

let count = 0;

export interface TestPerson {
  readonly id: string;
  readonly login: string;
  readonly browser: TestBrowser;
}

/** Makes a user with these roles, who has chosen the password of these tests and is signed in. */
export async function newPerson(app: RunningApp, roles: readonly string[], more: object = {}): Promise<TestPerson> {
  const login = `person-${++count}@clinic.example`;
  const made = await app.ask('POST', '/api/users', { body: { login, name: `Person ${count}`, roles, ...more } });
  assert.equal(made.status, 201, made.text);
  const browser = new TestBrowser(app.url);
  const token = tokenOf(made.json.link);
  const chosen = await browser.ask('POST', '/api/session/link', { token, password: PASSWORD });
  assert.equal(chosen.status, 200, chosen.text);
  return { id: made.json.id, login, browser };
}

/** What follows # in a link. */
export function tokenOf(link: string): string {
  return new URL(link).hash.slice(1);
}
