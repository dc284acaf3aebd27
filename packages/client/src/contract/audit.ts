// /api/audit: who saw and changed what.

import { Type } from 'typebox';
import { Actor } from './actor.ts';
import { Decimal, FhirId, limit, orNull, pageOf, patientName, Time } from './parameters.ts';
import { row } from './row.ts';

const Filter = {
  patient: Type.Optional(FhirId),
  actor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'Id of a user, a token or a plugin; `unauthenticated`.' }),
  ),
  action: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: '`read`, `search` ... at FHIR; `session.create` ... at /api.',
    }),
  ),
  type: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Type of the record.' })),
  record: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Id of the record.' })),
  from: Type.Optional(Time),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Not included.' })),
};

const Direction = Type.Enum(['asc', 'desc'], { default: 'desc', description: '`desc`: newest first.' });

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' });

const Chain = Type.Object({
  chain: Type.Integer(),
  first: Type.Integer({ description: 'Number of the oldest row kept.' }),
  base: { ...Hash, description: 'The hash that it rests on.' },
  seq: Type.Integer({ description: 'Number of the newest row; one less than `first` where there is none.' }),
  head: {
    ...Hash,
    description: 'Its hash. Keep it elsewhere, and nobody can cut the chain or rewrite it unnoticed.',
  },
});

export const AuditRow = Type.Object({
  id: Type.String(),
  at: Time,
  actor: Actor,
  action: Type.String(),
  type: orNull(Type.String()),
  record: orNull(Type.String({ description: 'The one record it was about.' })),
  version: orNull(Type.Integer({ description: 'The version of it that was given or written.' })),
  patient: orNull(Type.String()),
  patientName,
  records: orNull(
    Type.Record(Type.String(), Type.Array(Type.String()), {
      description: 'Where there were several, by type: each an id, with `@` and the version where that is known.',
    }),
  ),
  query: orNull(Type.String()),
  status: Type.Integer(),
  address: orNull(Type.String()),
  request: orNull(Type.String()),
  why: orNull(
    Type.Record(Type.String(), Type.Unknown(), {
      description:
        'What it was for: the `purpose` that the caller named, or the `event`, `execution` and `handler` of a plugin.',
    }),
  ),
  chain: Type.Integer({ description: 'Which chain of hashes the row is in.' }),
  seq: Type.Integer({ description: 'Its number there, from 1.' }),
  hash: Type.String({ description: 'SHA-256 of the row and of the hash before it, hex.' }),
});

export const AUDIT = {
  list: row({
    method: 'GET',
    path: '/api/audit',
    operation: 'audit.list',
    summary: 'Who saw and changed what',
    needs: 'admin',
    query: Type.Object(
      {
        ...Filter,
        order: Type.Optional(Direction),
        after: Type.Optional(Decimal),
        limit: limit(100, 1_000),
      },
      { additionalProperties: false },
    ),
    answer: { status: 200, description: 'A page of the audit trail.', schema: pageOf(AuditRow) },
  }),
  chains: row({
    method: 'GET',
    path: '/api/audit/chains',
    operation: 'audit.chains',
    summary: 'Where the chains of the audit trail begin and end, and whether the database protects them',
    needs: 'admin',
    answer: {
      status: 200,
      description: 'All chains.',
      schema: Type.Object({
        protected: Type.Boolean({ description: 'Whether the server can append, and neither change nor remove rows.' }),
        reason: orNull(Type.String({ description: 'Why not.' })),
        chains: Type.Array(Chain),
      }),
    },
  }),
  export: row({
    method: 'GET',
    path: '/api/audit/export',
    operation: 'audit.export',
    summary: 'The audit trail as a file, newest first unless asked otherwise; leaves a row itself',
    needs: 'admin',
    query: Type.Object(
      {
        ...Filter,
        order: Type.Optional(Direction),
        format: Type.Optional(Type.Enum(['csv', 'ndjson'], { default: 'csv' })),
      },
      { additionalProperties: false },
    ),
    answer: {
      status: 200,
      description: 'All rows that fit, as `text/csv` or `application/x-ndjson`.',
      type: 'text/csv',
    },
  }),
};
