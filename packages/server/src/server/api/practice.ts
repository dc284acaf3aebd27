// /api/practice: what holds for the whole practice. Its time zone decides which day it is.

import type { Location } from '@medplum/fhirtypes';
import { type Static, Type } from 'typebox';
import type { ChartReader } from '#chart/contract.ts';
import { zoneOfPlace } from '#chart/time-zones.ts';
import { isTimeZone } from '@chartwire/sdk/internal/kit/calendar';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { withTimeZone, writtenTimeZone } from '@chartwire/sdk/internal/records/location-time-zone';
import { administer, callerOf } from '../access/administration.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { Named, only, originOf } from './entries.ts';
import { FhirId, orNull } from './parameters.ts';

export const TimeZone = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'An IANA time zone, `America/New_York`.',
});

const PracticeShape = Type.Object({
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

export const PRACTICE_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/practice',
    operation: 'practice.get',
    summary: 'The settings of the practice',
    needs: 'token',
    audited: false,
    answer,
    handle: (_call, services) => viewOf(services),
  }),
  route({
    method: 'PUT',
    path: '/api/practice',
    operation: 'practice.change',
    summary: 'Changes the settings of the practice; the time zone null is the server’s',
    needs: 'admin',
    body: only({ timeZone: orNull(TimeZone) }),
    answer,
    handle: async ({ body, access, browser }, services) => {
      const { pool, practice } = services;
      if (body.timeZone !== null) refuseBadZone(body.timeZone, '/timeZone');
      await administer(pool, callerOf({ access, browser }), (client) => practice.setTimeZone(body.timeZone, client));
      practice.forget();
      return viewOf(services);
    },
  }),
  route({
    method: 'PUT',
    path: '/api/practice/locations/:id',
    operation: 'practice.locations.change',
    summary: 'Changes the time zone of a Location; null is that of what it is part of, else the practice’s',
    needs: 'admin',
    about: 'Location',
    params: Named,
    body: only({ timeZone: orNull(TimeZone) }),
    answer: { status: 200, description: 'The Location.', schema: LocationShape },
    handle: async ({ params, body, access }, { chart }) => {
      const { id } = params;
      if (body.timeZone !== null) refuseBadZone(body.timeZone, '/timeZone');
      const { result } = await chart.withChart(originOf({ access }), async (draft) => {
        const location = await draft.read('Location', id);
        if (!location) throw new Refusal('record.not-found', { reference: `Location/${id}` });
        // An administrator may do this, whoever else may change Locations.
        return draft.bySystem().update({ ...withTimeZone(location, body.timeZone), id });
      });
      return { id, name: result.name ?? null, timeZone: writtenTimeZone(result) ?? null };
    },
  }),
];

async function viewOf({ practice }: Services): Promise<PracticeShape> {
  const chosen = await practice.chosenTimeZone();
  const { serverTimeZone } = practice;
  return { timeZone: chosen ?? serverTimeZone, chosen: chosen !== null, serverTimeZone };
}

export function refuseBadZone(timeZone: string, path: string): void {
  if (isTimeZone(timeZone)) return;
  throw new Refusal('request.invalid', { reason: 'this time zone is not known' }, [
    { path, message: 'is an IANA time zone, such as America/New_York' },
  ]);
}

/** The zone of a Location where one is named and has one, else the practice's. */
export async function zoneAt(
  location: string | undefined,
  reader: ChartReader,
  { practice }: Pick<Services, 'practice'>,
): Promise<string> {
  const read = async (id: string): Promise<Location | undefined> =>
    (await reader.lists.called([{ type: 'Location', id }]))[0]?.resource as Location | undefined;
  return (await zoneOfPlace(read, location)) ?? practice.timeZone();
}
