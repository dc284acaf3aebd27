// /api/commands/:id: edit, commit, delete, enter in error, run actions, and search options.

import type { Static } from 'typebox';
import type { Commands, Wish } from '#chart/commands/commands.ts';
import type { Written } from '#chart/contract.ts';
import type { ChartDraft } from '#chart/draft.ts';
import type { CommandShape } from '@chartwire/client/internal/contract/command';
import { COMMANDS, type Doing } from '@chartwire/client/internal/contract/commands';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { once } from '../idempotency.ts';
import { type Call, route, type RoutesOf } from '../route.ts';
import type { Services } from '../services.ts';
import { COMMAND_TYPE_ROUTES } from './command-types.ts';
import {
  afterwards,
  changing,
  checksOf,
  commandView,
  commandWithResults,
  entered,
  originOf,
  UNWRITTEN,
} from './entries.ts';
import { ORIGINATING } from './new-commands.ts';

const living = {
  get: route(COMMANDS.get, async (call, services) =>
    commandWithResults(services.chart.reader(originOf(call)), await entered(call, services, 'Command', call.params.id)),
  ),
  update: route(COMMANDS.update, (call, services) => {
    const { fields } = call.body;
    return carryOut(call, services, { fields }, (commands, draft, id, wish) =>
      commands.update(draft, originOf(call), id, fields, wish),
    );
  }),
  commit: route(
    COMMANDS.commit,
    (call, services) =>
      once(call, services, 'commands.commit', async ({ begunAt }) => {
        const committed = begunAt !== undefined && (await committedSince(call, services, call.params.id, begunAt));
        if (committed) return committed;
        return carryOut(call, services, { state: 'committed' }, (commands, draft, id, wish) =>
          commands.commit(draft, originOf(call), id, wish),
        );
      }),
    { patients: ({ patient }) => [patient] },
  ),
  enterInError: route(COMMANDS.enterInError, (call, services) => {
    const { reason } = call.body;
    return carryOut(call, services, { state: 'entered-in-error' }, (commands, draft, id, wish) =>
      commands.enterInError(draft, originOf(call), id, { ...wish, reason }),
    );
  }),
  execute: route(COMMANDS.execute, async (call, services) => {
    const { note } = call.body;
    const { action } = call.params;
    const { command, written } = await changed(call, services, { action }, async (commands, draft, id, wish) => {
      if (note !== undefined) await ofSameChart(draft, id, note);
      return commands.execute(draft, originOf(call), id, action, { ...wish, ...(note !== undefined && { note }) });
    });
    const copy = written.versions.find((one) => one.type === 'Command' && one.id !== command.id);
    if (!copy) return command;
    const reader = services.chart.reader(originOf(call));
    return { ...command, originated: commandView(await afterwards(reader, written, 'Command', copy.id)) };
  }),
  delete: route(COMMANDS.delete, async (call, services) => {
    const { id } = call.params;
    const { version, overrides } = call.body;
    const target = { type: 'Command', id, version, proposed: null, permission: 'd' } as const;
    await changing(call, services, target, (draft, origin) =>
      services.charting.delete(draft, origin, id, wishOf(version, overrides)),
    );
  }),
};

const searching = {
  options: route(COMMANDS.options, async (call, { chart, charting }) => {
    const { id, field } = call.params;
    await entered(call, { chart }, 'Command', id);
    const { result } = await chart.withChart(originOf(call), (draft) =>
      charting.options(draft, originOf(call), id, field, call.query.query ?? ''),
    );
    return { items: [...result.items], unanswered: [...result.unanswered] };
  }),
  select: route(COMMANDS.select, (call, services) => {
    const { field } = call.params;
    const { value } = call.body;
    return carryOut(call, services, { fields: { [field]: value } }, (commands, draft, id, wish) =>
      commands.select(draft, originOf(call), id, field, value, wish),
    );
  }),
};

export const COMMAND_ROUTES: RoutesOf<typeof COMMANDS> = {
  ...COMMAND_TYPE_ROUTES,
  ...ORIGINATING,
  ...living,
  ...searching,
};

type Operating = Pick<Call<{ id: string }, unknown, Static<typeof Doing>>, 'access' | 'concerns' | 'params' | 'body'>;
type Operation = (commands: Commands, draft: ChartDraft, id: string, wish: Wish) => Promise<unknown>;

/** Runs an operation on the command in the path, in its own unit of work. Returns the command afterwards. */
async function carryOut(
  call: Operating,
  services: Services,
  proposed: unknown,
  operation: Operation,
): Promise<CommandShape> {
  return (await changed(call, services, proposed, operation)).command;
}

/** The same, with everything that was written. */
async function changed(
  call: Operating,
  services: Services,
  proposed: unknown,
  operation: Operation,
): Promise<{ command: CommandShape; written: Written }> {
  const { id } = call.params;
  const { version, overrides } = call.body;
  const target = { type: 'Command', id, version, proposed, permission: 'u' } as const;
  const { result: checks, written } = await changing(call, services, target, async (draft) => {
    await operation(services.charting, draft, id, wishOf(version, overrides));
    return checksOf(draft, id);
  });
  const reader = services.chart.reader(originOf(call));
  const command = await commandWithResults(reader, await afterwards(reader, written, 'Command', id), checks);
  return { command, written };
}

/** The command, if an earlier attempt of this request committed it before its node died. */
async function committedSince(
  call: Pick<Call, 'access' | 'concerns'>,
  services: Services,
  id: string,
  begunAt: string,
): Promise<CommandShape | undefined> {
  const reader = services.chart.reader(originOf(call));
  const stored = await afterwards(reader, UNWRITTEN, 'Command', id);
  call.concerns(stored.entry.patient);
  const { state, committer, committedAt } = stored.entry;
  const mine = state === 'committed' && committer?.id === call.access.actor.id && committedAt! >= begunAt;
  return mine ? commandWithResults(reader, stored) : undefined;
}

function wishOf(ifVersion: number | undefined, overrides: Wish['overrides']): Wish {
  return { ...(ifVersion !== undefined && { ifVersion }), ...(overrides && { overrides }) };
}

async function ofSameChart(draft: ChartDraft, id: string, note: string): Promise<void> {
  const [command, target] = [await draft.entry('Command', id), await draft.entry('Note', note)];
  if (!target) throw new Refusal('note.not-found', { id: note });
  if (command?.patient === target.patient) return;
  const message = 'is in another patient’s chart';
  throw new Refusal('request.invalid', { reason: `the note ${message}` }, [{ path: '/note', message }]);
}
