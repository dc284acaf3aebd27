// /api/commands/:id: a command edited, committed, deleted, entered in error, asked for actions and for options.

import { type Static, Type } from 'typebox';
import type { Commands, Wish } from '#chart/commands/commands.ts';
import type { ChartDraft } from '#chart/draft.ts';
import { SEARCH_ANSWERS } from '@chartwire/sdk/internal/effects/answers';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { ErrorReason } from '@chartwire/sdk/internal/records/command-entry';
import { once } from '../idempotency.ts';
import { type Call, type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { COMMAND_TYPE_ROUTES } from './command-types.ts';
import {
  afterwards,
  CommandShape,
  changing,
  checksOf,
  commandView,
  commandWithResults,
  entered,
  Fields,
  Named,
  Overrides,
  only,
  originOf,
  UNWRITTEN,
  Version,
} from './entries.ts';
import { ORIGINATING } from './new-commands.ts';
import { FhirId } from './parameters.ts';

/** One command, by the id in the path. */
const Editing = only({ fields: Fields, version: Version, overrides: Overrides });
const Doing = only({ version: Version, overrides: Overrides });
const Erring = only({ ...Doing.properties, reason: Type.Optional(ErrorReason) });
const Acting = only({
  version: Version,
  overrides: Overrides,
  note: Type.Optional(Type.String({ ...FhirId, description: 'Where `carry-forward` puts the copy.' })),
});
const OfField = only({ id: FhirId, field: Type.String({ minLength: 1, maxLength: 64 }) });

/** What a search for options found. */
const FoundOptions = only({
  items: Type.Array(
    only({
      ...SEARCH_ANSWERS.ADD.properties.results.items.properties,
      fits: Type.Boolean({
        description: 'It has every word typed, in its own words or a synonym, or is the code typed: it is not a guess.',
      }),
    }),
  ),
  unanswered: Type.Array(Type.String(), {
    description: '`plugin/Handler` of those that did not answer: what they would say is missing.',
  }),
});
export type FoundOptions = Static<typeof FoundOptions>;

const living: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/commands/:id',
    operation: 'commands.get',
    summary: 'A command',
    needs: 'Command.r',
    about: 'Command',
    params: Named,
    answer: { status: 200, description: 'The command.', schema: CommandShape },
    handle: async (call, services) =>
      commandWithResults(
        services.chart.reader(originOf(call)),
        await entered(call, services, 'Command', call.params.id),
      ),
  }),
  route({
    method: 'PATCH',
    path: '/api/commands/:id',
    operation: 'commands.update',
    summary: 'Changes fields of a staged command; those that are not named stay',
    needs: 'Command.u',
    about: 'Command',
    params: Named,
    body: Editing,
    answer: { status: 200, description: 'The command.', schema: CommandShape },
    handle: (call, services) => {
      const { fields } = call.body;
      return carryOut(call, services, { fields }, (commands, draft, id, wish) =>
        commands.update(draft, originOf(call), id, fields, wish),
      );
    },
  }),
  route({
    method: 'POST',
    path: '/api/commands/:id/commit',
    operation: 'commands.commit',
    summary: 'Commits a command: it writes its records',
    needs: 'Command.u',
    about: 'Command',
    idempotent: true,
    params: Named,
    body: Doing,
    answer: { status: 200, description: 'The command, with what it made.', schema: CommandShape },
    handle: (call, services) =>
      once(call, services, 'commands.commit', async ({ begunAt }) => {
        const committed = begunAt !== undefined && (await committedSince(call, services, call.params.id, begunAt));
        if (committed) return committed;
        return carryOut(call, services, { state: 'committed' }, (commands, draft, id, wish) =>
          commands.commit(draft, originOf(call), id, wish),
        );
      }),
    patients: ({ patient }) => [patient],
  }),
  route({
    method: 'POST',
    path: '/api/commands/:id/enter-in-error',
    operation: 'commands.enter-in-error',
    summary: 'Enters a committed command in error: what it made is marked so, what it changed is as it was',
    needs: 'Command.u',
    about: 'Command',
    params: Named,
    body: Erring,
    answer: { status: 200, description: 'The command.', schema: CommandShape },
    handle: (call, services) => {
      const { reason } = call.body;
      return carryOut(call, services, { state: 'entered-in-error' }, (commands, draft, id, wish) =>
        commands.enterInError(draft, originOf(call), id, { ...wish, reason }),
      );
    },
  }),
  route({
    method: 'POST',
    path: '/api/commands/:id/actions/:action',
    operation: 'commands.execute',
    summary: 'Executes one of the command’s actions: `print`, `carry-forward` ...',
    needs: 'Command.u',
    about: 'Command',
    params: only({ id: FhirId, action: Type.String({ minLength: 1, maxLength: 64 }) }),
    body: Acting,
    answer: {
      status: 200,
      description: 'The command; `originated` is the copy that `carry-forward` made.',
      schema: Type.Object({ ...CommandShape.properties, originated: Type.Optional(CommandShape) }),
    },
    handle: async (call, services) => {
      const { note } = call.body;
      const { action } = call.params;
      return carryOut(call, services, { action }, async (commands, draft, id, wish) => {
        if (note !== undefined) await ofSameChart(draft, id, note);
        return commands.execute(draft, originOf(call), id, action, { ...wish, ...(note !== undefined && { note }) });
      });
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/commands/:id',
    operation: 'commands.delete',
    summary: 'Deletes a staged command',
    needs: 'Command.d',
    about: 'Command',
    params: Named,
    body: Doing,
    answer: { status: 204, description: 'It is gone.' },
    handle: async (call, services) => {
      const { id } = call.params;
      const { version, overrides } = call.body;
      const target = { type: 'Command', id, version, proposed: null, permission: 'd' } as const;
      await changing(call, services, target, (draft, origin) =>
        services.charting.delete(draft, origin, id, wishOf(version, overrides)),
      );
    },
  }),
];

const searching: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/commands/:id/fields/:field/options',
    operation: 'commands.options',
    summary: 'Options for a field with a search, as plugins have it',
    needs: 'Command.r',
    about: 'Command',
    params: OfField,
    query: only({ query: Type.Optional(Type.String({ maxLength: 200, default: '' })) }),
    answer: {
      status: 200,
      description: 'The best first.',
      schema: FoundOptions,
    },
    handle: async (call, { chart, charting }) => {
      const { id, field } = call.params;
      await entered(call, { chart }, 'Command', id);
      const { result } = await chart.withChart(originOf(call), (draft) =>
        charting.options(draft, originOf(call), id, field, call.query.query ?? ''),
      );
      return { items: [...result.items], unanswered: [...result.unanswered] };
    },
  }),
  route({
    method: 'POST',
    path: '/api/commands/:id/fields/:field/select',
    operation: 'commands.select',
    summary: 'Picks an option: the field holds it, and SELECTED is told',
    needs: 'Command.u',
    about: 'Command',
    params: OfField,
    body: only({
      value: Type.Unknown({
        description: 'A value, or an option as it was shown; a list where the field has several.',
      }),
      version: Version,
      overrides: Overrides,
    }),
    answer: { status: 200, description: 'The command.', schema: CommandShape },
    handle: (call, services) => {
      const { field } = call.params;
      const { value } = call.body;
      return carryOut(call, services, { fields: { [field]: value } }, (commands, draft, id, wish) =>
        commands.select(draft, originOf(call), id, field, value, wish),
      );
    },
  }),
];

export const COMMAND_ROUTES: readonly Route[] = [...COMMAND_TYPE_ROUTES, ...ORIGINATING, ...living, ...searching];

/** An operation on the command of the path, in a unit of work of its own. */
async function carryOut(
  call: Pick<Call<{ id: string }, unknown, Static<typeof Doing>>, 'access' | 'concerns' | 'params' | 'body'>,
  services: Services,
  proposed: unknown,
  operation: (commands: Commands, draft: ChartDraft, id: string, wish: Wish) => Promise<unknown>,
): Promise<CommandShape & { originated?: CommandShape }> {
  const { id } = call.params;
  const { version, overrides } = call.body;
  const target = { type: 'Command', id, version, proposed, permission: 'u' } as const;
  const { result: checks, written } = await changing(call, services, target, async (draft) => {
    await operation(services.charting, draft, id, wishOf(version, overrides));
    return checksOf(draft, id);
  });
  const reader = services.chart.reader(originOf(call));
  const copy = written.versions.find((one) => one.type === 'Command' && one.id !== id);
  return {
    ...(await commandWithResults(reader, await afterwards(reader, written, 'Command', id), checks)),
    ...(copy && { originated: commandView(await afterwards(reader, written, 'Command', copy.id)) }),
  };
}

/** The command, when this very request committed it before its node died. */
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
