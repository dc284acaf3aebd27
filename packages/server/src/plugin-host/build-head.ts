// Checks the shape of a build answer's head. The process that sent it may be under a plugin's control.

import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { BuildHead } from './build-answer.ts';

const text = (maxLength: number) => Type.String({ maxLength });
const closed = { additionalProperties: false };

const Fault = Type.Object({ path: text(1_000), message: text(2_000), issue: Type.Optional(text(50)) }, closed);
const Refused = Type.Object(
  {
    code: Type.Union([Type.Literal('plugin.manifest'), Type.Literal('plugin.package'), Type.Literal('plugin.build')]),
    reason: text(100_000),
    faults: Type.Array(Fault, { maxItems: 100 }),
  },
  closed,
);
const validator = Compile(
  Type.Object(
    {
      manifest: Type.Optional(Type.Unknown()),
      questionnaires: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 100 })),
      refused: Type.Optional(Refused),
      stopped: Type.Optional(Type.Union([Type.Literal('memory'), Type.Literal('nesting')])),
    },
    closed,
  ),
);

export function isBuildHead(head: unknown): head is BuildHead {
  return validator.Check(head);
}
