// /api/session/oidc: sign in with an identity provider.

import { Type } from 'typebox';
import { orNull } from './parameters.ts';
import { row } from './row.ts';

export const OIDC_START = '/api/session/oidc/start';

/** The address to which the provider redirects browsers; register it there. */
export const OIDC_CALLBACK = '/api/session/oidc/callback';

export const OIDC = {
  methods: row({
    method: 'GET',
    path: '/api/session/methods',
    operation: 'session.methods',
    summary: 'How one may sign in here',
    needs: 'open',
    audited: false,
    answer: {
      status: 200,
      description: 'The ways.',
      schema: Type.Object({
        password: Type.Boolean(),
        oidc: orNull(
          Type.Object({ name: Type.String(), start: Type.String({ description: 'Where to send the browser.' }) }),
        ),
      }),
    },
  }),
  start: row({
    method: 'GET',
    path: OIDC_START,
    operation: 'session.oidc.start',
    summary: 'Sends the browser to the identity provider',
    needs: 'open',
    audited: false,
    query: Type.Object({
      to: Type.Optional(
        Type.String({ description: 'The page of the application to open afterwards: `/patients/123`.' }),
      ),
    }),
    answer: { status: 303, description: 'To the provider.' },
  }),
  callback: row({
    method: 'GET',
    path: OIDC_CALLBACK,
    operation: 'session.oidc',
    summary: 'Where the identity provider sends the browser back to; signs in',
    needs: 'open',
    ends: true,
    audited: false,
    query: Type.Record(Type.String(), Type.String({ maxLength: 4_000 })),
    answer: {
      status: 303,
      description: 'To the page that was asked for; with `?refused=` and a code when nobody is signed in.',
    },
  }),
};
