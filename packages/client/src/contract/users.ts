// /api/users: the people who may sign in, and their roles.

import { type Static, Type } from 'typebox';
import { Identity } from './identity.ts';
import { FhirId, limit, only, orNull, pageOf, Time, Uuid } from './parameters.ts';
import { row } from './row.ts';

/** The roles that users can have. */
export const ROLE_NAMES = ['clinician', 'supervisor', 'staff', 'biller', 'admin'] as const;

export type Role = (typeof ROLE_NAMES)[number];

export const Roles = Type.Array(Type.Enum([...ROLE_NAMES]), { maxItems: ROLE_NAMES.length });

const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });

export const UserShape = Type.Object({
  id: Uuid,
  login: Type.String(),
  name: Type.String(),
  roles: Roles,
  practitioner: orNull(FhirId),
  active: Type.Boolean(),
  hasPassword: Type.Boolean({ description: 'False until the invitation is used.' }),
  createdAt: Time,
  lastSignInAt: orNull(Time),
  lockedUntil: orNull(Time, {
    description: 'After too many failures: until when browsers that the user hasn’t used before have to wait.',
  }),
  identity: orNull(Identity, { description: 'Who the user is at the identity provider.' }),
  linkByAddress: Type.Boolean({
    description:
      'Whether that link may be made by a verified address which is the login. False once a link was removed.',
  }),
});
export type UserShape = Static<typeof UserShape>;

const Link = {
  link: Type.String({
    description: 'For the person alone, and good once: it lets them choose a password. Shown only now.',
  }),
  expiresAt: Time,
};

const params = Type.Object({ id: Uuid });

const RoleShape = Type.Object({
  name: Type.Enum([...ROLE_NAMES]),
  summary: Type.String(),
  scopes: Type.Array(Type.String({ description: 'SMART v2.' })),
});
export type RoleShape = Static<typeof RoleShape>;

export const USERS = {
  roles: row({
    method: 'GET',
    path: '/api/roles',
    operation: 'roles.list',
    summary: 'The roles that users may have, and what each may do; several add up',
    needs: 'admin',
    audited: false,
    answer: { status: 200, description: 'All of them.', schema: pageOf(RoleShape) },
  }),
  list: row({
    method: 'GET',
    path: '/api/users',
    operation: 'users.list',
    summary: 'The people who may sign in',
    needs: 'admin',
    query: only({ after: Type.Optional(Uuid), limit: limit(100, 1_000) }),
    answer: { status: 200, description: 'A page of users, oldest first.', schema: pageOf(UserShape) },
  }),
  create: row({
    method: 'POST',
    path: '/api/users',
    operation: 'users.create',
    summary: 'Makes a user; this answer alone shows the invitation',
    needs: 'admin',
    audited: false,
    body: only({
      login: Type.String({
        pattern: '^[^\\s@]{1,64}@[^\\s@]{1,180}$',
        description:
          'An e-mail address, or like one. Compared without regard to the case of ASCII letters, else exactly.',
      }),
      name: Name,
      roles: Roles,
      practitioner: Type.Optional(orNull(FhirId)),
    }),
    answer: { status: 201, description: 'The user.', schema: Type.Object({ ...UserShape.properties, ...Link }) },
  }),
  get: row({
    method: 'GET',
    path: '/api/users/:id',
    operation: 'users.get',
    summary: 'A user',
    needs: 'admin',
    about: 'User',
    params,
    answer: { status: 200, description: 'The user.', schema: UserShape },
  }),
  update: row({
    method: 'PATCH',
    path: '/api/users/:id',
    operation: 'users.update',
    summary: 'Changes a user: it holds from their next request, and who is not active is signed out',
    needs: 'admin',
    about: 'User',
    ends: true,
    params,
    body: only({
      name: Type.Optional(Name),
      roles: Type.Optional(Roles),
      active: Type.Optional(Type.Boolean()),
      practitioner: Type.Optional(orNull(FhirId)),
      linkByAddress: Type.Optional(Type.Boolean()),
    }),
    answer: { status: 200, description: 'The user.', schema: UserShape },
  }),
  reset: row({
    method: 'POST',
    path: '/api/users/:id/reset',
    operation: 'users.reset',
    summary: 'Makes a link for a new password, which replaces any other, and clears failed attempts',
    needs: 'admin',
    about: 'User',
    params,
    answer: { status: 200, description: 'The link; this answer alone shows it.', schema: Type.Object(Link) },
  }),
  unlink: row({
    method: 'DELETE',
    path: '/api/users/:id/identity',
    operation: 'users.unlink',
    summary:
      'Removes the link to the identity provider; the user is signed out, and no address makes it again by itself',
    needs: 'admin',
    about: 'User',
    ends: true,
    params,
    answer: { status: 200, description: 'The user.', schema: UserShape },
  }),
};
