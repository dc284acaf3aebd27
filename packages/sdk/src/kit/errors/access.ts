// Authentication and permissions: tokens, sessions, passwords, and users.

import type { ErrorRow } from '../error-row.ts';
import { OIDC_ERRORS } from './oidc.ts';

export const ACCESS_ERRORS = {
  'access.unauthenticated': {
    status: 401,
    issue: 'login',
    sentence: 'You aren’t signed in, and the request has no valid bearer token.',
    next: 'Sign in at POST /api/session, or send a token from `chartwire token create` as `Authorization: Bearer ...`.',
  },
  'access.grant': {
    status: 403,
    issue: 'forbidden',
    sentence: 'You can’t grant {scope}, because you don’t have it yourself.',
    next: 'Ask someone who has it to grant it, or use the server’s admin token.',
  },
  'access.forbidden': {
    status: 403,
    issue: 'forbidden',
    sentence: 'You may not {action}.',
    next: 'Ask an administrator for a role or a token whose scopes include {scope}.',
  },
  'access.outside-chart': {
    status: 403,
    issue: 'forbidden',
    sentence: 'This doesn’t exist, or it’s outside the chart of the token’s patient.',
    next: 'Check the id. For other charts, ask an administrator for a token with `system/` scopes.',
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
    sentence: 'The login or the password is wrong.',
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
    sentence: 'You aren’t signed in.',
    next: 'Sign in at POST /api/session. A bearer token isn’t a session.',
  },
  'session.foreign-request': {
    status: 403,
    issue: 'forbidden',
    sentence: 'The request doesn’t come from a page of this server: {reason}.',
    next: 'Send it from a page of this server, with the x-csrf-token header that GET /api/session returns.',
  },
  ...OIDC_ERRORS,
  'identity.none': {
    status: 409,
    issue: 'business-rule',
    sentence: 'This user isn’t linked to the identity provider.',
    next: 'You don’t need to do anything.',
  },
  'identity.only-way': {
    status: 409,
    issue: 'business-rule',
    sentence: 'You have no password, so without the link you couldn’t sign in.',
    next: 'Ask an administrator for a link to choose a password first.',
  },
  'password.weak': {
    status: 422,
    issue: 'invalid',
    sentence: 'The password can’t be used: {reason}.',
    next: 'Choose at least 12 characters that are hard to guess, such as four unrelated words that have nothing to do with you.',
  },
  'password.wrong': {
    status: 422,
    issue: 'invalid',
    sentence: 'The current password is wrong.',
    next: 'Try again, or ask an administrator for a link to choose a new one.',
  },
  'link.expired': {
    status: 410,
    issue: 'expired',
    sentence: 'The link no longer works: it was used or replaced, or it expired.',
    next: 'Ask an administrator for a new one, or create one with `chartwire user reset`.',
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
    sentence: 'A user with this login already exists.',
    next: 'Choose another login, or change the existing user.',
  },
  'user.inactive': {
    status: 409,
    issue: 'business-rule',
    sentence: 'This user is inactive and can’t sign in.',
    next: 'Enable the user first.',
  },
  'user.last-admin': {
    status: 409,
    issue: 'business-rule',
    sentence: 'This is the last administrator who can sign in.',
    next: 'Make another user an administrator first, and have them sign in.',
  },
} as const satisfies Record<string, ErrorRow>;
