// A batch bundle: each entry by itself, each with an outcome of its own.

import type { BundleEntry } from '@medplum/fhirtypes';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Preference } from '../headers.ts';
import type { Door } from '../interaction.ts';
import { perform } from '../perform.ts';
import { readEntry } from './entries.ts';
import { answerEntry, refusalEntry } from './response.ts';

/** In the order given. `fail` turns an unexpected error into a refusal, so that it doesn't affect completed entries. */
export async function batch(
  door: Door,
  entries: readonly unknown[],
  preference: Preference | undefined,
  fail: (error: unknown) => Refusal,
): Promise<BundleEntry[]> {
  const answers: BundleEntry[] = [];
  for (const [index, given] of entries.entries()) {
    try {
      const { interaction, request } = readEntry(given, index, door.baseUrl);
      answers.push(answerEntry(await perform(door, interaction, request), door.baseUrl, preference));
    } catch (error) {
      answers.push(refusalEntry(error instanceof Refusal ? error : fail(error)));
    }
  }
  return answers;
}
