// POST /api/notes/:id/commands: one command or several, entered into an open note in one unit of work.

import { type Static, Type } from 'typebox';
import type { ChartReader } from '#chart/contract.ts';
import type { Check } from '#chart/draft.ts';
import { type StoredEntry, storedEntry } from '#chart/entries-of.ts';
import { findNote } from '#chart/notes.ts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { once, type Turn } from '../idempotency.ts';
import { type Call, type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import {
  afterwards,
  CommandShape,
  checksOf,
  commandWithResults,
  Fields,
  Named,
  Overrides,
  only,
  originOf,
  UNWRITTEN,
} from './entries.ts';

const Key = Type.String({ minLength: 1, maxLength: 64, description: 'Key of the command type: `prescribe`.' });
const NewCommand = only({
  command: Key,
  fields: Type.Optional(Fields),
  commit: Type.Optional(Type.Boolean({ description: 'Commit it at once.' })),
  overrides: Overrides,
});
type NewCommand = Static<typeof NewCommand>;

export const ORIGINATING: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/notes/:id/commands',
    operation: 'commands.originate',
    summary: 'Enters a command into an open note, or several, all or none; commits them when asked',
    needs: 'Command.c',
    about: 'Note',
    idempotent: true,
    params: Named,
    body: only({
      ...Type.Partial(NewCommand).properties,
      commands: Type.Optional(
        Type.Array(NewCommand, { minItems: 1, maxItems: 50, description: 'Several, in this order, instead of one.' }),
      ),
    }),
    answer: {
      status: 201,
      description: 'The command; `items` when several were sent.',
      schema: Type.Union([CommandShape, only({ items: Type.Array(CommandShape) })]),
    },
    handle: async (call, services) => {
      const { commands: several, ...one } = call.body;
      const wishes = several ?? [one];
      refuseUnclear(several, one);
      return once(call, services, 'commands.originate', async (turn) => {
        const items = await originate(call, services, call.params.id, wishes as NewCommand[], turn);
        return several ? { items } : items[0]!;
      });
    },
    patients: (answer) => ('items' in answer ? answer.items : [answer]).map(({ patient }) => patient),
  }),
];

/** All of them in one unit of work. What a refusal says of one of several names its place. */
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

/** What this very request made before its node died. */
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
