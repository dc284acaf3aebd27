// Entries of a batch-response or transaction-response.

import type { BundleEntry } from '@medplum/fhirtypes';
import type { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { etag, type Preference } from '../headers.ts';
import type { Answer } from '../interaction.ts';
import { doneOutcome, outcomeOf } from '../outcome.ts';
import { statusLine } from '../status.ts';
import { withResource } from './bundle.ts';

/** What was read is always in the answer; what was written only with `Prefer: return=representation`. */
export function answerEntry(answer: Answer, baseUrl: string, preference: Preference | undefined): BundleEntry {
  const { status, version, resource, located } = answer;
  const written = located === true || status === 204;
  const shown = resource && (!written || preference === 'representation');
  return {
    ...(version ? { fullUrl: `${baseUrl}/${version.type}/${version.id}` } : {}),
    ...(shown ? withResource(resource) : {}),
    response: {
      status: statusLine(status),
      ...(version && located ? { location: locationOf(baseUrl, version) } : {}),
      ...(version ? { etag: etag(version.version), lastModified: version.at } : {}),
      ...(written && preference === 'OperationOutcome' ? { outcome: doneOutcome(answer.unchecked) } : {}),
    },
  };
}

export function refusalEntry(refusal: Refusal): BundleEntry {
  return { response: { status: statusLine(refusal.status), outcome: outcomeOf(refusal) } };
}

export function locationOf(baseUrl: string, { type, id, version }: NonNullable<Answer['version']>): string {
  return `${baseUrl}/${type}/${id}/_history/${version}`;
}
