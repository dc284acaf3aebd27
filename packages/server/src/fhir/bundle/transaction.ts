// A transaction bundle: all of its entries in one unit of work, or none.

import type { BundleEntry } from '@medplum/fhirtypes';
import { refusalFor } from '#chart/authority.ts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Preference } from '../headers.ts';
import { writer } from '../door.ts';
import type { Answer, Desk, Door } from '../interaction.ts';
import { answerTo, auditAnswer, perform } from '../perform.ts';
import { type Entry, readEntry } from './entries.ts';
import { inOrder } from './order.ts';
import { atEntry } from './place.ts';
import { TransactionPlan, type WriteEntry } from './plan.ts';
import { answerEntry, refusalEntry } from './response.ts';

/** Response entries in the order of the entries given. Throws a `Refusal` that names the entries at fault. */
export async function transaction(
  door: Door,
  given: readonly unknown[],
  preference: Preference | undefined,
): Promise<BundleEntry[]> {
  const entries = inOrder(
    await Promise.all(given.map((entry, index) => atEntry(index, () => readEntry(entry, index, door.baseUrl)))),
  );
  for (const { index, interaction } of entries) refuseOperation(index, interaction);
  const writes = entries.flatMap(writeEntry);
  const reads = entries.filter(({ interaction }) => interaction.does.kind === 'reading');
  const { plan, written } = await commit(door, writes, reads);

  const answers = new Map<number, BundleEntry>();
  for (const entry of writes) {
    const answer = await answerTo(door, plan.aimOf(entry), written);
    auditAnswer(door, entry.interaction, entry.request, answer);
    answers.set(entry.index, answerEntry(answer, door.baseUrl, preference));
  }
  for (const entry of reads) answers.set(entry.index, await answerRead(door, entry));
  return given.map((_, index) => answers.get(index)!);
}

/** The write is done; if another writer spoils the following read, that alone is refused. */
async function answerRead(door: Door, { interaction, request }: Entry): Promise<BundleEntry> {
  try {
    return answerEntry(await perform(door, interaction, request), door.baseUrl, undefined);
  } catch (error) {
    if (error instanceof Refusal) return refusalEntry(error);
    throw error;
  }
}

async function commit(door: Door, writes: readonly WriteEntry[], reads: readonly Entry[]) {
  const keys = await Promise.all(writes.map(({ index, does, request }) => atEntry(index, () => does.keys(request))));
  let plan = new TransactionPlan(writes);
  const fill = async (desk: Desk): Promise<void> => {
    plan = new TransactionPlan(writes);
    await plan.fill(desk);
    // A read that cannot be answered fails the transaction, so it is tried while nothing is written yet.
    for (const entry of reads) await atEntry(entry.index, () => tryRead(desk, entry));
  };
  try {
    const { written } = await door.chart.withChart(writer(door, 'transaction'), (draft) => fill({ ...door, draft }), {
      exclusive: keys.flat(),
    });
    return { plan, written };
  } catch (error) {
    const explained = plan.explain(error);
    throw explained instanceof Refusal ? refusalFor(door.access, explained) : explained;
  }
}

function refuseOperation(index: number, { does, name }: Entry['interaction']): void {
  if (does.kind !== 'operating') return;
  const reason = `entry ${index} asks for ${name}, which is a transaction by itself: send it alone, or in a batch`;
  throw new Refusal('bundle.invalid', { reason });
}

function writeEntry(entry: Entry): WriteEntry[] {
  const { does } = entry.interaction;
  return does.kind === 'writing' ? [{ ...entry, does }] : [];
}

async function read(door: Door, { interaction: { does }, request }: Entry): Promise<Answer> {
  if (does.kind !== 'reading') throw new Error('a write cannot be read');
  return does.run(door, request);
}

/** Throws whatever the read will be refused for once the transaction is committed. */
async function tryRead(desk: Desk, entry: Entry): Promise<void> {
  const { type, id } = entry.request;
  if (entry.interaction.name !== 'read') return void (await read(desk, entry));
  if (await desk.draft.shown(type, id)) return;
  await read(desk, entry);
  // It is there still: this very transaction deletes it.
  throw new Refusal('record.deleted', { reference: `${type}/${id}` });
}
