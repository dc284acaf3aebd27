// Banner alerts: a line at the top of a chart for everyone who opens it. Stored as a Flag (R4: "prospective warnings of potential
// issues when providing care").

import type { Extension, Flag } from '@medplum/fhirtypes';
import { Type } from 'typebox';
import type { Draft } from '#kit/draft.ts';
import { choice, closed, fhirId, Href, text } from '#kit/schema.ts';
import { EXTENSION, FLAG_CATEGORY, PLUGIN_KEY } from '#kit/systems.ts';
import { BANNER_INTENTS, BANNER_PLACEMENTS } from '#records/own-extensions.ts';
import { defineEffect, needs } from './definition.ts';
import { Key, keyOf, placeOf } from './keyed.ts';

const Placement = choice(BANNER_PLACEMENTS);

export const AddBannerAlert = defineEffect({
  type: 'ADD_BANNER_ALERT',
  summary: 'Shows a banner, or changes the one of the same key: a plugin has one banner a patient and key.',
  writes: 'An active Flag; its identifier is the plugin and the key.',
  payload: closed({
    patient: fhirId('whose chart shows it'),
    key: Key,
    narrative: text(90, 'what it says'),
    intent: choice(BANNER_INTENTS),
    placement: Type.Optional(
      Type.Array(Placement, { minItems: 1, uniqueItems: true, description: 'chart unless given' }),
    ),
    href: Type.Optional(Href),
  }),
  example: { patient: 'p1', key: 'fall-risk', narrative: 'High fall risk', intent: 'warning', placement: ['chart'] },
  scopes: () => needs('Flag', 'cu'),
  async apply({ patient, key, narrative, intent, placement = ['chart'], href }, draft, { plugin }) {
    const { id, others } = await placeOf(draft, 'Flag', { kind: 'banner', plugin, patient, key });
    for (const other of others) await end(draft, other);
    const before = await draft.read('Flag', id);
    const shown = before?.status === 'active' ? before.period?.start : undefined;
    const extension: Extension[] = [
      { url: EXTENSION.bannerIntent, valueCode: intent },
      ...placement.map((place) => ({ url: EXTENSION.bannerPlacement, valueCode: place })),
      ...(href ? [{ url: EXTENSION.bannerHref, valueUri: href }] : []),
    ];
    await draft.update<Flag>({
      ...before,
      resourceType: 'Flag',
      id,
      extension,
      identifier: [{ system: PLUGIN_KEY, value: keyOf(plugin, key) }],
      status: 'active',
      category: [{ coding: [{ system: FLAG_CATEGORY, code: 'banner', display: 'Banner alert' }] }],
      code: { text: narrative },
      subject: { reference: `Patient/${patient}` },
      period: { start: shown ?? draft.at },
    });
    return [`Flag/${id}`];
  },
});

export const RemoveBannerAlert = defineEffect({
  type: 'REMOVE_BANNER_ALERT',
  summary:
    'Takes a banner of the plugin away. Where there is none, nothing is changed, and the outcome names no record.',
  writes: 'The Flag, inactive, its period ended.',
  payload: closed({ patient: fhirId('whose chart shows it'), key: Key }),
  example: { patient: 'p1', key: 'fall-risk' },
  scopes: () => needs('Flag', 'u'),
  async apply({ patient, key }, draft, { plugin }) {
    const { id, others } = await placeOf(draft, 'Flag', { kind: 'banner', plugin, patient, key });
    const ended: string[] = [];
    for (const one of [id, ...others]) if (await end(draft, one)) ended.push(`Flag/${one}`);
    return ended;
  },
});

/** Returns whether the banner was shown. */
async function end(draft: Draft, id: string): Promise<boolean> {
  const flag = await draft.read('Flag', id);
  if (flag?.status !== 'active') return false;
  await draft.update({ ...flag, id, status: 'inactive', period: { ...flag.period, end: draft.at } });
  return true;
}
