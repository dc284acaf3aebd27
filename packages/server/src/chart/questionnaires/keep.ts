// Maintains questionnaires defined outside the site: Chartwire's and plugins'. They are added once, replaced when their
// definition changes, and retired when it is gone. A questionnaire that the site has changed or deleted belongs to the site.

import type { Questionnaire } from '@medplum/fhirtypes';
import { SYSTEM } from '@chartwire/sdk/internal/kit/authority';
import type { Actor } from '@chartwire/sdk/internal/kit/event';
import { sha256 } from '@chartwire/sdk/internal/kit/sha256';
import { DEFINED_BY, DEFINITION_DIGEST } from '@chartwire/sdk/internal/kit/systems';
import type { Chart } from '../contract.ts';
import type { ChartDraft } from '../draft.ts';
import type { Definition } from './instrument.ts';
import { SHIPPED } from './shipped.ts';

/** Fast if there is nothing to do. */
export async function keepShipped(chart: Chart): Promise<void> {
  await keepDefinitions(chart, { type: 'system', id: 'chartwire' }, SHIPPED);
}

/** A plugin's; empty if it is removed. */
export async function keepDefinedByPlugin(chart: Chart, plugin: string, definitions: readonly Definition[]) {
  await keepDefinitions(chart, { type: 'plugin', id: plugin }, definitions);
}

/** `actor` is their owner. */
async function keepDefinitions(chart: Chart, actor: Actor, definitions: readonly Definition[]): Promise<void> {
  const owner = `${actor.type}/${actor.id}`;
  await chart.withChart({ actor, source: 'system', authority: SYSTEM }, async (draft) => {
    for (const definition of definitions) {
      if (await isOwn(draft, definition.id, owner)) await draft.update(marked(definition, owner));
    }
    const tag = encodeURIComponent(`${DEFINED_BY}|${owner}`);
    for (const { id, ...former } of await draft.search('Questionnaire', `_tag=${tag}&status=active&_count=1000`)) {
      const gone = id !== undefined && !definitions.some((one) => one.id === id);
      if (!gone || !(await isOwn(draft, id, owner))) continue;
      await draft.update(marked({ ...former, id, status: 'retired' }, owner));
    }
  });
}

/** It doesn't exist yet, or is as its owner last wrote it. */
async function isOwn(draft: ChartDraft, id: string, owner: string): Promise<boolean> {
  const current = await draft.read('Questionnaire', id);
  if (!current) return (await draft.versionOf('Questionnaire', id)) === 0;
  const tagged = (system: string, code: string) =>
    current.meta?.tag?.some((tag) => tag.system === system && tag.code === code);
  return Boolean(tagged(DEFINED_BY, owner) && tagged(DEFINITION_DIGEST, digestOf(current)));
}

function marked({ meta: _, ...definition }: Definition, owner: string): Definition {
  const tag = [
    { system: DEFINED_BY, code: owner },
    { system: DEFINITION_DIGEST, code: digestOf(definition) },
  ];
  return { ...definition, meta: { tag } };
}

/** A digest of the whole definition, independent of member order. */
function digestOf({ meta: _, ...definition }: Questionnaire): string {
  return sha256(JSON.stringify(definition, (_key, value: unknown) => sorted(value))).slice(0, 32);
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
