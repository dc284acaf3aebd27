// POST /api/notes/:id/commands: enters one or more commands into an open note, in one unit of work.

import type { ChartReader } from '#chart/contract.ts';
import type { Check } from '#chart/draft.ts';
import { storedEntry, type StoredEntry } from '#chart/entries-of.ts';
import { findNote } from '#chart/notes.ts';
import type { CommandShape } from '@chartwire/client/internal/contract/command';
import { COMMANDS, type NewCommand } from '@chartwire/client/internal/contract/commands';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { once, type Turn } from '../idempotency.ts';
import { type Call, route } from '../route.ts';
import type { Services } from '../services.ts';
import { afterwards, checksOf, commandWithResults, originOf, UNWRITTEN } from './entries.ts';

export const ORIGINATING = {
  originate: route(
    COMMANDS.originate,
    async (call, services) => {
      const { commands: several, ...one } = call.body;
      const wishes = several ?? [one];
      refuseUnclear(several, one);
      return once(call, services, 'commands.originate', async (turn) => {
        const items = await originate(call, services, call.params.id, wishes as NewCommand[], turn);
        return several ? { items } : items[0]!;
      });
    },
    { patients: (answer) => ('items' in answer ? answer.items : [answer]).map(({ patient }) => patient) },
  ),
};

/** All in one unit of work. A refusal of one of several names its index. */
async function originate(
  call: Call,
  services: Services,
  note: string,
  wishes: readonly NewCommand[],
  turn: Turn,
): Promise<CommandShape[]> {
  const reader = services.chart.reader(originOf(call));
  const repeated = await madeBefore(reader, wishes, turn);
  if (repeated) return repeated;
  const origin = originOf(call, note);
  const { result: made, written } = await services.chart.withChart(origin, async (draft) => {
    call.concerns((await findNote(draft, note)).patient);
    const done: { id: string; checks: readonly Check[] }[] = [];
    for (const [index, wish] of wishes.entries()) {
      const id = turn.id(index);
      const entry = await services.charting
        .originate(draft, origin, { ...wish, note, ...(id && { id }) })
        .catch((error: unknown) => {
          throw wishes.length > 1 ? atIndex(error, index) : error;
        });
      done.push({ id: entry.id, checks: checksOf(draft, entry.id) });
    }
    return done;
  });
  return Promise.all(
    made.map(async ({ id, checks }) =>
      commandWithResults(reader, await afterwards(reader, written, 'Command', id), checks),
    ),
  );
}

/** What an earlier attempt of this request created before its node died. */
async function madeBefore(
  reader: ChartReader,
  wishes: readonly NewCommand[],
  turn: Turn,
): Promise<CommandShape[] | undefined> {
  if (turn.begunAt === undefined) return undefined;
  const found = await Promise.all(
    wishes.map(async (_, index) =>
      storedEntry('Command', await reader.afterwards(UNWRITTEN, 'Command', turn.id(index)!)),
    ),
  );
  const made = found.filter((one): one is StoredEntry<'Command'> => one !== undefined);
  return made.length === wishes.length ? Promise.all(made.map((one) => commandWithResults(reader, one))) : undefined;
}

/** `/fields/x` of the second command is `/commands/1/fields/x` of the request. */
function atIndex(error: unknown, index: number): unknown {
  if (!(error instanceof Refusal)) return error;
  const own = error.faults.map((fault) => ({ ...fault, path: `/commands/${index}${fault.path}` }));
  const faults = own.length > 0 ? own : [{ path: `/commands/${index}`, message: error.message }];
  return new Refusal(error.code, { ...error.values }, faults, error.extensions);
}

function refuseUnclear(several: readonly NewCommand[] | undefined, one: Partial<NewCommand>): void {
  if (several ? Object.keys(one).length === 0 : one.command !== undefined) return;
  const reason = several ? 'it has both one command and several' : 'it names no command';
  throw new Refusal('request.invalid', { reason }, [
    { path: several ? '/commands' : '/command', message: 'send `command`, or `commands`' },
  ]);
}
