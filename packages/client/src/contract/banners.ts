// A banner alert, as pages show it.

import { type Static, Type } from 'typebox';
import { FhirId, orNull } from './parameters.ts';

export const INTENTS = ['alert', 'warning', 'info'];

export const BannerShape = Type.Object({
  id: FhirId,
  narrative: Type.String(),
  intent: Type.String({ description: `${INTENTS.join(', ')}.` }),
  placement: Type.Array(Type.String(), { description: 'chart, timeline, appointment_card, scheduling_card, profile.' }),
  href: orNull(Type.String()),
});
export type BannerShape = Static<typeof BannerShape>;
