// /api/practice: settings for the whole practice. Its time zone decides the current day.

import type { Location } from '@medplum/fhirtypes';
import type { ChartReader } from '#chart/contract.ts';
import { zoneOfPlace } from '#chart/time-zones.ts';
import { PRACTICE, type PracticeShape } from '@chartwire/client/internal/contract/practice';
import { isTimeZone } from '@chartwire/sdk/internal/kit/calendar';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { withTimeZone, writtenTimeZone } from '@chartwire/sdk/internal/records/location-time-zone';
import { administer, callerOf } from '../access/administration.ts';
import { route, type RoutesOf } from '../route.ts';
import type { Services } from '../services.ts';
import { originOf } from './entries.ts';

export const PRACTICE_ROUTES: RoutesOf<typeof PRACTICE> = {
  get: route(PRACTICE.get, (_call, services) => viewOf(services)),
  change: route(PRACTICE.change, async ({ body, access, browser }, services) => {
    const { pool, practice } = services;
    if (body.timeZone !== null) refuseBadZone(body.timeZone, '/timeZone');
    await administer(pool, callerOf({ access, browser }), (client) => practice.setTimeZone(body.timeZone, client));
    practice.forget();
    return viewOf(services);
  }),
  changeLocation: route(PRACTICE.changeLocation, async ({ params, body, access }, { chart }) => {
    const { id } = params;
    if (body.timeZone !== null) refuseBadZone(body.timeZone, '/timeZone');
    const { result } = await chart.withChart(originOf({ access }), async (draft) => {
      const location = await draft.read('Location', id);
      if (!location) throw new Refusal('record.not-found', { reference: `Location/${id}` });
      // Administrators may do this, regardless of who may change Locations.
      return draft.bySystem().update({ ...withTimeZone(location, body.timeZone), id });
    });
    return { id, name: result.name ?? null, timeZone: writtenTimeZone(result) ?? null };
  }),
};

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

/** The zone of the given Location if it has one, otherwise the practice's. */
export async function zoneAt(
  location: string | undefined,
  reader: ChartReader,
  { practice }: Pick<Services, 'practice'>,
): Promise<string> {
  const read = async (id: string): Promise<Location | undefined> =>
    (await reader.lists.called([{ type: 'Location', id }]))[0]?.record;
  return (await zoneOfPlace(read, location)) ?? practice.timeZone();
}
