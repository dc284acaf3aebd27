// Appointment/[id]/$reschedule: a new appointment at another time instead of this one.

import { type Static, Type } from 'typebox';
import { Check } from 'typebox/value';
import { findAppointment, reschedule as move } from '@chartwire/sdk/internal/records/appointment-steps';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Writing } from '../interaction.ts';

const Parameters = Type.Object({
  resourceType: Type.Literal('Parameters'),
  parameter: Type.Array(
    Type.Object({
      name: Type.String(),
      valueInstant: Type.Optional(Type.String()),
      valueDateTime: Type.Optional(Type.String()),
    }),
  ),
});

/** In: Parameters with `start` and `end`, each a valueInstant or valueDateTime. Out: the new Appointment, as created. */
export const reschedule: Writing = {
  kind: 'writing',
  keys: () => [],

  async aim(desk, { type, id }) {
    if (type !== 'Appointment')
      throw new Refusal('route.unknown', { method: 'POST', path: `${type}/[id]/$reschedule` });
    desk.draft.require(type, 'c', 'u');
    await desk.draft.claim(type, id, 'u');
    await findAppointment(desk.draft, id);
    return { action: 'create', type, id: desk.draft.newId() };
  },

  async apply({ draft }, { id, body }, aim) {
    await move(draft, id, { ...timeIn(body), newId: aim.id! });
  },
};

function timeIn(body: unknown): { start: string; end: string } {
  if (!Check(Parameters, body)) throw invalid('the body must be a Parameters resource');
  return { start: instantIn(body, 'start'), end: instantIn(body, 'end') };
}

function instantIn({ parameter }: Static<typeof Parameters>, name: string): string {
  const found = parameter.find((one) => one.name === name);
  const value = found?.valueInstant ?? found?.valueDateTime;
  if (value === undefined) throw invalid(`the parameter ${name} must be there, with a valueInstant`);
  return value;
}

function invalid(reason: string): Refusal {
  return new Refusal('request.invalid', { reason });
}
