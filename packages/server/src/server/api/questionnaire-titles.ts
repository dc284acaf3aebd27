// Titles of questionnaires, for answers that only have a canonical, which means nothing to readers.

import type { Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import type { ChartReader } from '#chart/contract.ts';
import { findCanonical } from '@chartwire/sdk/internal/commands/canonicals';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';

/** By canonical, for known questionnaires with a title. Reads all at once. */
export async function questionnaireTitles(
  { lists }: ChartReader,
  interviews: readonly QuestionnaireResponse[],
): Promise<Readonly<Record<string, string>>> {
  const canonicals = [...new Set(interviews.flatMap(({ questionnaire }) => questionnaire ?? []))];
  const ids = canonicals.flatMap((canonical) => parseReference(canonical.split('|')[0]) ?? []);
  const urls = canonicals.map((canonical) => `url=${canonical.split('|')[0]}`);
  const found =
    canonicals.length === 0 ? [] : [await lists.called(ids), await lists.around('Questionnaire', { tokens: urls })];
  const all = found.flat().flatMap(({ record }) => (record?.resourceType === 'Questionnaire' ? [record] : []));
  const titles: Record<string, string> = {};
  for (const canonical of canonicals) {
    const title = titleOf(await findCanonical(among(all), 'Questionnaire', canonical));
    if (title !== undefined) titles[canonical] = title;
  }
  return titles;
}

function among(all: readonly Questionnaire[]) {
  return {
    read: async (_: string, id: string) => all.find((one) => one.id === id) as never,
    named: async (_: string, url: string, version?: string) =>
      all.filter((one) => one.url === url && (version === undefined || one.version === version)) as never[],
  };
}

function titleOf(questionnaire: Questionnaire | undefined): string | undefined {
  return questionnaire?.title ?? questionnaire?.name;
}
