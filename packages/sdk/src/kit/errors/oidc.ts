// Why sign-in with an identity provider failed. In a file of its own, since the sign-in page loads only these.

import type { ErrorRow } from '../error-row.ts';

export const OIDC_ERRORS = {
  'oidc.none': {
    status: 404,
    issue: 'not-found',
    sentence: 'This server has no identity provider to sign in with.',
    next: 'Sign in with a password. The operator can set a provider with CHARTWIRE_OIDC_ISSUER.',
  },
  'oidc.unreachable': {
    status: 502,
    issue: 'transient',
    sentence: 'The identity provider doesn’t answer, or its answer isn’t valid.',
    next: 'Try again in a moment, or sign in with a password.',
  },
  'oidc.refused': {
    status: 401,
    issue: 'login',
    sentence: 'The identity provider’s answer can’t be used.',
    next: 'Start again. If it happens again, tell your administrator the time: the audit trail has the reason.',
  },
  'oidc.canceled': {
    status: 401,
    issue: 'login',
    sentence: 'You didn’t finish signing in at the identity provider, or it doesn’t let you in here.',
    next: 'Start again, or ask whoever runs the provider for access.',
  },
  'oidc.expired': {
    status: 401,
    issue: 'login',
    sentence: 'This sign-in was started in another browser, or more than ten minutes ago.',
    next: 'Start again from this page.',
  },
  'oidc.unverified': {
    status: 403,
    issue: 'login',
    sentence:
      'The identity provider gave no verified e-mail address for you, so you can’t be matched with a user here.',
    next: 'Have the provider verify your address, or sign in with a password.',
  },
  'oidc.unknown': {
    status: 403,
    issue: 'login',
    sentence: 'The identity provider knows you, but no user here has your e-mail address as their login.',
    next: 'Ask an administrator to invite you with exactly that address.',
  },
  'oidc.inactive': {
    status: 403,
    issue: 'login',
    sentence: 'You can’t sign in: an administrator disabled your user.',
    next: 'Ask an administrator to enable it.',
  },
  'oidc.not-linked': {
    status: 403,
    issue: 'login',
    sentence: 'Your e-mail address is the login of a user, but that user isn’t linked to this account.',
    next: 'Sign in with a password, or ask an administrator to look at the user’s link.',
  },
} as const satisfies Record<string, ErrorRow>;
