// How /api reports a refusal: what happened and what to do next.

import { type Static, Type } from 'typebox';
import { type ErrorCode, ERRORS } from '@chartwire/sdk/internal/kit/errors';

/** RFC 9457 with `code` (a row of docs/catalogue/errors.md), `next` (what to do) and `faults` (where and what). */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'A URN of the code; /docs/catalogue/errors.html lists them.' }),
    title: Type.String({ description: 'The phrase of the status.' }),
    status: Type.Integer(),
    detail: Type.String({ description: 'What happened this time.' }),
    code: Type.Enum(Object.keys(ERRORS) as ErrorCode[], { description: 'Stable; see /docs/catalogue/errors.html.' }),
    next: Type.String({ description: 'What to do next.' }),
    faults: Type.Optional(
      Type.Array(
        Type.Object({
          path: Type.String({ description: 'JSON pointer into the body, or the name of a parameter.' }),
          message: Type.String(),
        }),
      ),
    ),
    checks: Type.Optional(
      Type.Array(
        Type.Object({
          check: Type.String({ description: '`plugin/Handler`: what an override names.' }),
          event: Type.String(),
          outcome: Type.Enum(['refused', 'confirm', 'overridden', 'did-not-run']),
          message: Type.Optional(Type.String()),
          field: Type.Optional(Type.String()),
          reason: Type.Optional(Type.String()),
          ms: Type.Number(),
          execution: Type.Optional(Type.String({ description: 'The run of the handler, of the plugin’s executions.' })),
        }),
        { description: 'What plugins said, where one refused or asks for confirmation.' },
      ),
    ),
    current: Type.Optional(Type.Unknown({ description: 'In a conflict: the current value.' })),
    proposed: Type.Optional(Type.Unknown({ description: 'In a conflict: the value that you sent.' })),
  },
  { additionalProperties: false },
);
export type Problem = Static<typeof Problem>;
