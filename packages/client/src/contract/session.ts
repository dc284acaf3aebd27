// /api/session: who is signed in at this browser; sign in and out.

import { type Static, Type } from 'typebox';
import { Identity } from './identity.ts';
import { FhirId, only, orNull, Uuid } from './parameters.ts';
import { row } from './row.ts';
import { Roles } from './users.ts';

const Password = Type.String({ minLength: 1, maxLength: 1_000 });

export const SessionShape = Type.Object({
  user: Type.Object({
    id: Uuid,
    login: Type.String(),
    name: Type.String(),
    roles: Roles,
    practitioner: orNull(FhirId),
  }),
  scopes: Type.Array(Type.String(), { description: 'What the roles allow, as SMART v2 scopes.' }),
  csrf: Type.String({
    description: 'For the header `x-csrf-token` of every POST, PUT, PATCH and DELETE with the cookie.',
  }),
  expiresAt: Type.String({ format: 'date-time', description: 'When the session ends unless it is used before.' }),
  draftKey: Type.String({
    description:
      'Encrypts what the browser keeps of unsent work, so that nobody else there can read it: 32 bytes in base64.',
  }),
  timeZone: Type.String({ description: 'Of the practice: decides which day it is.' }),
  cursor: Type.String({
    description: 'Of the log as it is now: a stream after it tells all that changes in what is read from here on.',
  }),
});

const Ways = Type.Object({
  password: Type.Boolean({ description: 'Whether there is a password to sign in with.' }),
  identity: orNull(Identity, { description: 'Who you are at the identity provider.' }),
});
export type Ways = Static<typeof Ways>;

const answer = { status: 200, description: 'Who is signed in.', schema: SessionShape } as const;

export const SESSION = {
  get: row({
    method: 'GET',
    path: '/api/session',
    operation: 'session.get',
    summary: 'Who is signed in, by the cookie',
    needs: 'token',
    audited: false,
    answer,
  }),
  create: row({
    method: 'POST',
    path: '/api/session',
    operation: 'session.create',
    summary: 'Signs in with a password; the answer sets the cookie',
    needs: 'open',
    ends: true,
    audited: false,
    body: only({ login: Type.String({ minLength: 1, maxLength: 254 }), password: Password }),
    answer,
  }),
  delete: row({
    method: 'DELETE',
    path: '/api/session',
    operation: 'session.delete',
    summary: 'Signs out: the cookie is worth nothing from now on, wherever it is',
    needs: 'token',
    ends: true,
    answer: { status: 204, description: 'Signed out.' },
  }),
  password: row({
    method: 'PUT',
    path: '/api/session/password',
    operation: 'session.password',
    summary: 'Changes your own password; your other sessions end, and this one gets another cookie',
    needs: 'token',
    ends: true,
    body: only({ current: Password, next: Password }),
    answer: { status: 204, description: 'Changed.' },
  }),
  link: row({
    method: 'POST',
    path: '/api/session/link',
    operation: 'session.link',
    summary: 'Chooses a password with an invitation or a reset, and signs in; the link is used up',
    needs: 'open',
    ends: true,
    audited: false,
    body: only({
      token: Type.String({ pattern: '^[\\w-]{43}$', description: 'What follows # in the link.' }),
      password: Password,
    }),
    answer,
  }),
  ways: row({
    method: 'GET',
    path: '/api/session/ways',
    operation: 'session.ways',
    summary: 'How you may sign in: with a password, by the link to an identity provider',
    needs: 'token',
    audited: false,
    answer: { status: 200, description: 'The ways that are open to you.', schema: Ways },
  }),
  unlink: row({
    method: 'DELETE',
    path: '/api/session/identity',
    operation: 'session.unlink',
    summary: 'Removes your link to the identity provider; your other sessions end',
    needs: 'token',
    ends: true,
    answer: { status: 204, description: 'Removed.' },
  }),
};
