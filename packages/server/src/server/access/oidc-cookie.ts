// What a browser keeps during sign-in at the identity provider: a secret, and the page to return to.

/** Longer paths aren't kept. */
const LONGEST_PAGE = 1_000;
const SECRET = /^[\w-]{43}$/;
/** Paths that aren't pages of the application. */
const DOOR = /^\/(?:api|fhir|assets)(?:[/?#]|$)/;
/** Any base works: a URL that leaves it isn't ours. */
const BASE = 'http://chartwire.invalid';

/** The content of the cookie; `secret` is undefined without one. */
export interface Remembered {
  readonly secret: string | undefined;
  readonly page: string;
}

export function cookieValue({ secret, page }: Remembered): string {
  return `${secret}.${Buffer.from(page).toString('base64url')}`;
}

export function partsOf(value: string | undefined): Remembered {
  const [secret = '', page = ''] = (value ?? '').split('.');
  return {
    secret: SECRET.test(secret) ? secret : undefined,
    page: pageOf(Buffer.from(page, 'base64url').toString()),
  };
}

/** A page of this application as a path; `/` for anything else, such as `//elsewhere.example` or `/\elsewhere.example`. */
export function pageOf(text: string | undefined): string {
  if (!text?.startsWith('/') || text.length > LONGEST_PAGE || !URL.canParse(text, BASE)) return '/';
  const { origin, pathname, search, hash } = new URL(text, BASE);
  if (origin !== BASE || pathname.startsWith('//') || DOOR.test(pathname)) return '/';
  return pathname + search + hash;
}
