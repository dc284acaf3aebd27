// Who did something: a person, a program, a plugin, or Chartwire itself.

import { Type } from 'typebox';
import { FhirId } from './parameters.ts';

export const Actor = Type.Object({
  type: Type.Enum(['user', 'client', 'plugin', 'system']),
  id: Type.String(),
  display: Type.Optional(Type.String()),
  practitioner: Type.Optional(FhirId),
});
