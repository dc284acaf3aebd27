// /api/tokens: access tokens for programs.

import { Type } from 'typebox';
import { FhirId, limit, orNull, pageOf, Time, Uuid } from './parameters.ts';
import { row } from './row.ts';

export const Token = Type.Object({
  id: Uuid,
  name: Type.String(),
  scopes: Type.Array(Type.String()),
  patient: orNull(FhirId),
  createdAt: Time,
  expiresAt: orNull(Time),
  lastUsedAt: orNull(Time),
  revokedAt: orNull(Time),
});

export const TOKENS = {
  list: row({
    method: 'GET',
    path: '/api/tokens',
    operation: 'tokens.list',
    summary: 'The tokens with their last use, never the tokens themselves',
    needs: 'admin',
    query: Type.Object({ after: Type.Optional(Uuid), limit: limit(100, 1_000) }, { additionalProperties: false }),
    answer: { status: 200, description: 'A page of tokens, oldest first.', schema: pageOf(Token) },
  }),
  create: row({
    method: 'POST',
    path: '/api/tokens',
    operation: 'tokens.create',
    summary: 'Makes a token; this answer alone shows it',
    needs: 'admin',
    body: Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 200 }),
        scopes: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
          minItems: 1,
          maxItems: 200,
          description: 'SMART v2: system/*.rs, patient/Observation.rs ...; system/chartwire.admin',
        }),
        patient: Type.Optional(orNull(FhirId)),
        expiresAt: Type.Optional(orNull(Time)),
      },
      { additionalProperties: false },
    ),
    answer: {
      status: 201,
      description: 'The token.',
      schema: Type.Object({ ...Token.properties, token: Type.String({ description: 'For `Authorization: Bearer`.' }) }),
    },
  }),
  revoke: row({
    method: 'DELETE',
    path: '/api/tokens/:id',
    operation: 'tokens.revoke',
    summary: 'Revokes a token for good',
    needs: 'admin',
    ends: true,
    params: Type.Object({ id: Uuid }),
    answer: { status: 200, description: 'The token, revoked.', schema: Token },
  }),
};
