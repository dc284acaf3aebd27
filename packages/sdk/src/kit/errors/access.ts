// Who is asking, and whether they may: tokens, sessions, passwords, users.

import type { ErrorRow } from '../error-row.ts';
import { OIDC_ERRORS } from './oidc.ts';

export const ACCESS_ERRORS = {
  'access.unauthenticated': {
    status: 401,
    issue: 'login',
    sentence: 'Nobody is signed in, and there is no valid bearer token.',
    next: 'Sign in at POST /api/session, or send a token from `chartwire token create` as `Authorization: Bearer ...`.',
  },
  'access.grant': {
    status: 403,
    issue: 'forbidden',
    sentence: 'You may not grant {scope}, since you don’t hold it yourself.',
    next: 'Ask somebody who holds it to grant it, or use the server’s own admin token.',
  },
  'access.forbidden': {
    status: 403,
    issue: 'forbidden',
    sentence: 'You may not {action}.',
    next: 'Ask an administrator for a role or a token whose scopes include {scope}.',
  },
  'token.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'There is no token {id}.',
    next: 'See `chartwire token list` for the tokens and their ids.',
  },
  'session.refused': {
    status: 401,
    issue: 'login',
    sentence: 'The login or the password isn’t right.',
    next: 'Try again, or ask an administrator for a link to choose a new password.',
  },
  'session.limited': {
    status: 429,
    issue: 'throttled',
    sentence: 'There were too many failed attempts.',
    next: 'Wait {wait}, use a browser that you’ve signed in with before, or ask an administrator for a link.',
  },
  'session.none': {
    status: 401,
    issue: 'login',
    sentence: 'Nobody is signed in.',
    next: 'Sign in at POST /api/session; a bearer token is no session.',
  },
  'session.foreign-request': {
    status: 403,
    issue: 'forbidden',
    sentence: 'The request does not come from the application: {reason}.',
    next: 'Send the header x-csrf-token as GET /api/session gives it, from a page of this server.',
  },
  ...OIDC_ERRORS,
  'identity.none': {
    status: 409,
    issue: 'business-rule',
    sentence: 'This user isn’t linked to the identity provider.',
    next: 'Nothing has to be done.',
  },
  'identity.only-way': {
    status: 409,
    issue: 'business-rule',
    sentence: 'You have no password: without the link you couldn’t sign in.',
    next: 'Ask an administrator for a link to choose a password first.',
  },
  'password.weak': {
    status: 422,
    issue: 'invalid',
    sentence: 'The password can’t be used: {reason}.',
    next: 'Choose one of 12 characters or more that isn’t easy to guess: four words that have nothing to do with each other, or with you, are good.',
  },
  'password.wrong': {
    status: 422,
    issue: 'invalid',
    sentence: 'The current password isn’t right.',
    next: 'Try again, or ask an administrator for a link to choose a new one.',
  },
  'link.expired': {
    status: 410,
    issue: 'expired',
    sentence: 'The link is not good any more: it was used, replaced or too old.',
    next: 'Ask an administrator for a new one, or make one with `chartwire user reset`.',
  },
  'user.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'There is no user {id}.',
    next: 'See `chartwire user list` for the users and their ids.',
  },
  'user.exists': {
    status: 409,
    issue: 'duplicate',
    sentence: 'There is a user with this login already.',
    next: 'Choose another login, or change the user that has it.',
  },
  'user.inactive': {
    status: 409,
    issue: 'business-rule',
    sentence: 'The user is not active, and may not sign in.',
    next: 'Make the user active first.',
  },
  'user.last-admin': {
    status: 409,
    issue: 'business-rule',
    sentence: 'This is the last administrator who can sign in.',
    next: 'First make another user an administrator, and have them sign in.',
  },
} as const satisfies Record<string, ErrorRow>;
