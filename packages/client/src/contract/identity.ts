// A user’s link to an identity provider.

import { type Static, Type } from 'typebox';
import { orNull, Time } from './parameters.ts';

export const Identity = Type.Object({
  issuer: Type.String(),
  subject: Type.String(),
  address: orNull(Type.String({ description: 'The address by which the link was made.' })),
  linkedAt: orNull(Time),
});
export type Identity = Static<typeof Identity>;
