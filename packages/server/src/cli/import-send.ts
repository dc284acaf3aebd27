// Sends the parcels of an import and reads what came of each entry. What refers to a record that is not there yet is
// sent again at the end.

import { setTimeout as wait } from 'node:timers/promises';
import type { Bundle, OperationOutcome } from '@medplum/fhirtypes';
import { type Door, postBundle, refusalOf } from './client.ts';
import { type Parcel, parcelOf } from './import-read.ts';

export interface Refused {
  readonly from: string;
  readonly message: string;
}

export interface Tally {
  created: number;
  /** Updated, or as they were already. */
  updated: number;
  readonly refused: Refused[];
  /** To be sent again when more records exist. */
  readonly deferred: { parcel: Parcel; refused: Refused }[];
}

/** A busy server is given this long, in milliseconds, between tries. */
const PAUSES = [500, 2_000, 5_000];

export const newTally = (): Tally => ({ created: 0, updated: 0, refused: [], deferred: [] });

export async function sendParcel(door: Door, parcel: Parcel, tally: Tally): Promise<void> {
  const answer = await post(door, parcel.json);
  // A token that may not do this may not do the rest of it either.
  if (answer.status === 401 || answer.status === 403) throw refusalOf(answer);
  if (answer.status >= 400) {
    const outcome = answer.body as OperationOutcome | undefined;
    const { message } = refusalOf(answer);
    settle(
      tally,
      parcel,
      { from: parcel.from(0).replace(/ entry \d+$/, ''), message: message.split('\n')[0]! },
      outcome,
    );
    return;
  }
  const { entry = [] } = answer.body as Bundle;
  for (const [index, { response }] of entry.entries()) {
    const status = Number(response?.status?.slice(0, 3));
    if (status === 201) tally.created++;
    else if (status < 400) tally.updated++;
    else {
      const outcome = response?.outcome as OperationOutcome | undefined;
      const one = parcel.bundle.entry?.[index];
      const bundle: Bundle = { resourceType: 'Bundle', type: 'batch', entry: one ? [one] : [] };
      const alone = parcelOf(bundle, () => parcel.from(index), 0);
      settle(tally, alone, { from: parcel.from(index), message: textOf(outcome) ?? `status ${status}` }, outcome);
    }
  }
}

async function post(door: Door, json: string) {
  for (const pause of [...PAUSES, undefined]) {
    const answer = await postBundle(door, json);
    if ((answer.status !== 503 && answer.status !== 429) || pause === undefined) return answer;
    await wait(pause);
  }
  throw new Error('unreachable');
}

function settle(tally: Tally, parcel: Parcel, refused: Refused, outcome: OperationOutcome | undefined): void {
  if (missesReference(outcome)) tally.deferred.push({ parcel, refused });
  else tally.refused.push(refused);
}

function missesReference(outcome: OperationOutcome | undefined): boolean {
  return Boolean(
    outcome?.issue?.some(({ details }) => details?.coding?.some(({ code }) => code === 'record.reference')),
  );
}

function textOf(outcome: OperationOutcome | undefined): string | undefined {
  const issue = outcome?.issue?.[0];
  const where = issue?.expression?.[0];
  return issue?.details?.text && (where ? `${where}: ${issue.details.text}` : issue.details.text);
}
