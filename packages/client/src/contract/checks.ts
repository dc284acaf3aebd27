// /api/checks: the checks that come with Chartwire.

import { type Static, Type } from 'typebox';
import { orNull, pageOf, Time } from './parameters.ts';
import { row } from './row.ts';

const Check = Type.Object({
  name: Type.String({ description: '`allergy`; `chartwire/allergy` in what it answers, and in overrides.' }),
  label: Type.String(),
  summary: Type.String({ description: 'What it does, and what it does not know.' }),
  command: Type.String({ description: 'Key of the command whose commit it is asked about.' }),
  enabled: Type.Boolean(),
  off: orNull(
    Type.Object(
      {
        reason: Type.String(),
        by: Type.Object({ type: Type.String(), id: Type.String(), display: Type.Optional(Type.String()) }),
        at: Time,
      },
      { description: 'Who switched it off and why; null while it is on.' },
    ),
  ),
});

export type CheckShape = Static<typeof Check>;

const Named = Type.Object({ name: Type.String({ minLength: 1, maxLength: 64 }) });

export const CHECKS = {
  list: row({
    method: 'GET',
    path: '/api/checks',
    operation: 'checks.list',
    summary: 'The checks that come with Chartwire, and which are switched off',
    needs: 'token',
    audited: false,
    answer: { status: 200, description: 'All of them, in the order in which they are asked.', schema: pageOf(Check) },
  }),
  disable: row({
    method: 'POST',
    path: '/api/checks/:name/disable',
    operation: 'checks.disable',
    summary: 'Switches a check off, for everybody and at once',
    needs: 'admin',
    params: Named,
    body: Type.Object(
      { reason: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S', description: 'Why; it is shown.' }) },
      { additionalProperties: false },
    ),
    answer: { status: 200, description: 'The check.', schema: Check },
  }),
  enable: row({
    method: 'POST',
    path: '/api/checks/:name/enable',
    operation: 'checks.enable',
    summary: 'Switches a check on again',
    needs: 'admin',
    params: Named,
    answer: { status: 200, description: 'The check.', schema: Check },
  }),
};
