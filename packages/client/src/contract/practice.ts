// /api/practice: settings for the whole practice.

import { type Static, Type } from 'typebox';
import { FhirId, Named, only, orNull, TimeZone } from './parameters.ts';
import { row } from './row.ts';

export const PracticeShape = Type.Object({
  timeZone: Type.String({ description: 'Decides which day it is.' }),
  chosen: Type.Boolean({ description: 'False while it is the server’s.' }),
  serverTimeZone: Type.String(),
});
export type PracticeShape = Static<typeof PracticeShape>;

const LocationShape = Type.Object({
  id: FhirId,
  name: orNull(Type.String()),
  timeZone: orNull(Type.String()),
});

const answer = { status: 200, description: 'The settings.', schema: PracticeShape } as const;

export const PRACTICE = {
  get: row({
    method: 'GET',
    path: '/api/practice',
    operation: 'practice.get',
    summary: 'The settings of the practice',
    needs: 'token',
    audited: false,
    answer,
  }),
  change: row({
    method: 'PUT',
    path: '/api/practice',
    operation: 'practice.change',
    summary: 'Changes the settings of the practice; the time zone null is the server’s',
    needs: 'admin',
    body: only({ timeZone: orNull(TimeZone) }),
    answer,
  }),
  changeLocation: row({
    method: 'PUT',
    path: '/api/practice/locations/:id',
    operation: 'practice.locations.change',
    summary: 'Changes the time zone of a Location; null is that of what it is part of, else the practice’s',
    needs: 'admin',
    about: 'Location',
    params: Named,
    body: only({ timeZone: orNull(TimeZone) }),
    answer: { status: 200, description: 'The Location.', schema: LocationShape },
  }),
};
