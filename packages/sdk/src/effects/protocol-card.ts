// Protocol cards: what a protocol (a guideline or quality measure) says about a patient, and what it recommends. Stored as a
// GuidanceResponse, R4's answer of a decision support module. Its status says whether the module could answer. Whether the
// patient is due, and the recommendations, are in extensions: RequestGroup and CarePlan would mix recommendations with orders and
// plans.

import type { Extension, GuidanceResponse } from '@medplum/fhirtypes';
import { type Static, Type } from 'typebox';
import { commandByKey } from '#commands/index.ts';
import { Refusal } from '#kit/errors.ts';
import { printJson } from '#kit/json/print.ts';
import type { Draft } from '#kit/draft.ts';
import { choice, closed, fhirId, Href, text } from '#kit/schema.ts';
import { EXTENSION, PLUGIN_KEY, PLUGIN_MODULE } from '#kit/systems.ts';
import { CARD_STATUSES } from '#records/own-extensions.ts';
import { defineEffect, needs } from './definition.ts';
import { Key, keyOf, placeOf } from './keyed.ts';

const Recommendation = closed({
  title: text(200, 'what should be done'),
  button: Type.Optional(text(40, 'text of the button that does it')),
  href: Type.Optional(Href),
  commands: Type.Optional(
    Type.Array(
      closed({
        command: text(64, 'key of a command, as questionnaire'),
        fields: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      }),
      { minItems: 1, maxItems: 20, description: 'what the button originates in the open note' },
    ),
  ),
});

export const AddOrUpdateProtocolCard = defineEffect({
  type: 'ADD_OR_UPDATE_PROTOCOL_CARD',
  builder: 'addProtocolCard',
  summary: 'Shows a card, or changes the one of the same key: a plugin has one card a patient and key.',
  writes: 'A GuidanceResponse; its identifier is the plugin and the key, its note the narrative.',
  payload: closed({
    patient: fhirId('whom it is about'),
    key: Key,
    title: text(200),
    narrative: text(4000, 'what was found'),
    status: choice(CARD_STATUSES),
    recommendations: Type.Optional(Type.Array(Recommendation, { maxItems: 20 })),
  }),
  example: {
    patient: 'p1',
    key: 'phq-9',
    title: 'Depression screening',
    narrative: 'The PHQ-2 of today is positive.',
    status: 'due',
    recommendations: [
      {
        title: 'Ask the PHQ-9',
        button: 'Ask',
        commands: [{ command: 'questionnaire', fields: { questionnaire: 'phq-9' } }],
      },
    ],
  },
  scopes: () => needs('GuidanceResponse', 'cu'),
  async apply({ patient, key, title, narrative, status, recommendations = [] }, draft, { plugin }) {
    const { id, others } = await placeOf(draft, 'GuidanceResponse', { kind: 'card', plugin, patient, key });
    for (const { commands = [] } of recommendations) {
      const unknown = commands.find(({ command }) => !commandByKey(command));
      if (unknown) throw new Refusal('command.unknown', { command: unknown.command });
    }
    for (const other of others) await setAside(draft, other);
    const before = await draft.read('GuidanceResponse', id);
    await draft.update<GuidanceResponse>({
      ...before,
      resourceType: 'GuidanceResponse',
      id,
      extension: [
        { url: EXTENSION.cardStatus, valueCode: status },
        { url: EXTENSION.cardTitle, valueString: title },
        ...recommendations.map(recommendationOf),
      ],
      identifier: [{ system: PLUGIN_KEY, value: keyOf(plugin, key) }],
      moduleUri: `${PLUGIN_MODULE}/${plugin}`,
      status: 'success',
      subject: { reference: `Patient/${patient}` },
      occurrenceDateTime: before?.occurrenceDateTime ?? draft.at,
      note: [{ text: narrative }],
    });
    return [`GuidanceResponse/${id}`];
  },
});

/** A card with the same key from a merged chart is emptied. Its versions keep what it said. */
async function setAside(draft: Draft, id: string): Promise<void> {
  const card = await draft.read('GuidanceResponse', id);
  if (!card) return;
  const extension = (card.extension ?? []).filter(({ url }) => url !== EXTENSION.cardRecommendation);
  const status: Extension = { url: EXTENSION.cardStatus, valueCode: 'not_relevant' };
  const others = extension.filter(({ url }) => url !== EXTENSION.cardStatus);
  await draft.update({ ...card, id, extension: [status, ...others] });
}

function recommendationOf({ title, button, href, commands = [] }: Static<typeof Recommendation>): Extension {
  return {
    url: EXTENSION.cardRecommendation,
    extension: [
      { url: 'title', valueString: title },
      ...(button ? [{ url: 'button', valueString: button }] : []),
      ...(href ? [{ url: 'href', valueUri: href }] : []),
      ...commands.map(({ command, fields = {} }) => ({
        url: 'command',
        extension: [
          { url: 'key', valueCode: command },
          { url: 'fields', valueString: printJson(fields) },
        ],
      })),
    ],
  };
}
