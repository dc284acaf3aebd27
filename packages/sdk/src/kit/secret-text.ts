// A text that a request carries, or its parts where it holds sensitive variables: sdk/secrets.ts makes them, the host puts
// the values in.

import { type Static, Type } from 'typebox';
import { closed } from './schema.ts';

const SecretRef = closed({ secret: Type.String() });

const SecretPart = Type.Union([
  Type.String(),
  SecretRef,
  closed({ base64: Type.Array(Type.Union([Type.String(), SecretRef])) }),
  closed({
    hmac: Type.String(),
    before: Type.String(),
    encoding: Type.Union([Type.Literal('hex'), Type.Literal('base64')]),
    /** Its key may be written as Standard Webhooks has it: `whsec_`, and Base64. */
    webhook: Type.Optional(Type.Literal(true)),
  }),
]);

export const SecretParts = Type.Array(SecretPart);
export type SecretParts = Static<typeof SecretParts>;

export const SecretText = Type.Union([Type.String(), SecretParts]);
export type SecretText = Static<typeof SecretText>;

/** In order; a name may come twice. */
export const SecretPairs = Type.Array(Type.Tuple([Type.String(), SecretText]));
export type SecretPairs = Static<typeof SecretPairs>;

/** A body: none, a text, a text with secrets, or a form. */
export const SecretBody = Type.Union([
  Type.Null(),
  Type.String(),
  closed({ text: SecretParts }),
  /** JSON text in pieces; between them secrets, each of which becomes a JSON string. */
  closed({ json: Type.Array(SecretText) }),
  closed({ form: SecretPairs }),
]);
export type SecretBody = Static<typeof SecretBody>;
