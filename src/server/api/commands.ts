// /api/commands and the commands of a note: originated, edited, committed, deleted, entered in error, asked for actions.

import { type Static, Type } from 'typebox';
import type { Commands, Wish } from '#chart/commands/commands.ts';
import type { ChartDraft, Check } from '#chart/draft.ts';
import { type StoredEntry, storedEntry } from '#chart/entries-of.ts';
import { findNote } from '#chart/notes.ts';
import { SEARCH_ANSWERS } from '#effects/answers.ts';
import { requirePermission } from '#fhir/permission.ts';
import { actionsOf, type CommandKind } from '#kit/command-kind.ts';
import { Refusal } from '#kit/errors.ts';
import { once, type Turn } from '../idempotency.ts';
import { type Call, type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import {
  afterwards,
  CommandShape,
  changing,
  checksOf,
  commandView,
  commandWithResults,
  enterChart,
  entered,
  Fields,
  Named,
  Overrides,
  only,
  originOf,
  Version,
} from './entries.ts';
import { FhirId, pageOf } from './parameters.ts';

const Key = Type.String({ minLength: 1, maxLength: 64, description: 'Key of the command type: `prescribe`.' });
const NewCommand = only({
  command: Key,
  fields: Type.Optional(Fields),
  commit: Type.Optional(Type.Boolean({ description: 'Commit it at once.' })),
  overrides: Overrides,
});
type NewCommand = Static<typeof NewCommand>;

/** The command types: what a form, a client or a plugin's author needs to know of each. */
const TYPES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/commands',
    operation: 'commands.list',
    summary: 'The command types: fields as JSON Schema, searches, actions',
    needs: 'token',
    audited: false,
    answer: {
      status: 200,
      description: 'All of them.',
      schema: pageOf(
        Type.Object({
          key: Type.String(),
          prefix: Type.String({ description: 'How its events begin.' }),
          label: Type.String(),
          summary: Type.String(),
          review: Type.Boolean({ description: 'It may be looked over by another before it is committed.' }),
          actions: Type.Array(Type.String()),
          fields: Type.Record(
            Type.String(),
            Type.Object({
              label: Type.String(),
              schema: Type.Object({}, { description: 'JSON Schema of the value.' }),
              needed: Type.Union([Type.Boolean(), Type.Object({ unless: Type.Array(Type.String()) })], {
                description: 'For a commit; `unless` names fields that may stand in its place.',
              }),
              search: Type.Optional(Type.Object({ from: Type.Enum(['terms', 'chart', 'records']) })),
              unit: Type.Optional(Type.String({ description: 'UCUM' })),
              initial: Type.Optional(Type.String()),
            }),
          ),
        }),
      ),
    },
    handle: async (_call, { commands = [] }) => ({ items: commands.map(typeView), next: null }),
  }),
];

const originating: readonly Route[] = [
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
      if (wishes.some(({ commit }) => commit)) requirePermission(call.access, 'Command', 'u');
      return once(call, services, 'commands.originate', async (turn) => {
        const items = await originate(call, services, call.params.id, wishes as NewCommand[], turn);
        return several ? { items } : items[0]!;
      });
    },
    patients: (answer) => ('items' in answer ? answer.items : [answer]).map(({ patient }) => patient),
  }),
];

/** One command, by the id in the path. */
const Editing = only({ fields: Fields, version: Version, overrides: Overrides });
const Doing = only({ version: Version, overrides: Overrides });
const Acting = only({
  version: Version,
  overrides: Overrides,
  note: Type.Optional(Type.String({ ...FhirId, description: 'Where `carry-forward` puts the copy.' })),
});
const OfField = only({ id: FhirId, field: Type.String({ minLength: 1, maxLength: 64 }) });

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
      commandWithResults(services, await entered(call, services, 'Command', call.params.id)),
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
    body: Doing,
    answer: { status: 200, description: 'The command.', schema: CommandShape },
    handle: (call, services) =>
      carryOut(call, services, { state: 'entered-in-error' }, (commands, draft, id, wish) =>
        commands.enterInError(draft, originOf(call), id, wish),
      ),
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
      if (note !== undefined) {
        requirePermission(call.access, 'Command', 'c');
        await ofSameChart(call, services, call.params.id, note);
      }
      const { action } = call.params;
      return carryOut(call, services, { action }, (commands, draft, id, wish) =>
        commands.execute(draft, originOf(call), id, action, { ...wish, ...(note !== undefined && { note }) }),
      );
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
      const target = { type: 'Command', id, version, proposed: null } as const;
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
      schema: only({ items: SEARCH_ANSWERS.ADD.properties.results }),
    },
    handle: async (call, { store, chart, charting }) => {
      const { id, field } = call.params;
      await entered(call, { store }, 'Command', id);
      const { result: items } = await chart.withChart(originOf(call), (draft) =>
        charting.options(draft, originOf(call), id, field, call.query.query ?? ''),
      );
      return { items };
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

export const COMMAND_ROUTES: readonly Route[] = [...TYPES, ...originating, ...living, ...searching];

/** An operation on the command of the path, in a unit of work of its own. */
async function carryOut(
  call: Pick<Call<{ id: string }, unknown, Static<typeof Doing>>, 'access' | 'concerns' | 'params' | 'body'>,
  services: Services,
  proposed: unknown,
  operation: (commands: Commands, draft: ChartDraft, id: string, wish: Wish) => Promise<unknown>,
): Promise<CommandShape & { originated?: CommandShape }> {
  const { id } = call.params;
  const { version, overrides } = call.body;
  const target = { type: 'Command', id, version, proposed } as const;
  const { result: checks, written } = await changing(call, services, target, async (draft) => {
    await operation(services.charting, draft, id, wishOf(version, overrides));
    return checksOf(draft, id);
  });
  const copy = written.versions.find((one) => one.type === 'Command' && one.id !== id);
  return {
    ...commandView(await afterwards(services, written, 'Command', id), checks),
    ...(copy && { originated: commandView(await afterwards(services, written, 'Command', copy.id)) }),
  };
}

/** The command, when this very request committed it before its node died. */
async function committedSince(
  call: Pick<Call, 'access' | 'concerns'>,
  services: Services,
  id: string,
  begunAt: string,
): Promise<CommandShape | undefined> {
  const stored = await entered(call, services, 'Command', id);
  const { state, committer, committedAt } = stored.entry;
  const mine = state === 'committed' && committer?.id === call.access.actor.id && committedAt! >= begunAt;
  return mine ? commandView(stored) : undefined;
}

function wishOf(ifVersion: number | undefined, overrides: Wish['overrides']): Wish {
  return { ...(ifVersion !== undefined && { ifVersion }), ...(overrides && { overrides }) };
}

/** All of them in one unit of work. What a refusal says of one of several names its place. */
async function originate(
  call: Call,
  services: Services,
  note: string,
  wishes: readonly NewCommand[],
  turn: Turn,
): Promise<CommandShape[]> {
  const repeated = await madeBefore(services, wishes, turn);
  if (repeated) return repeated;
  const origin = originOf(call, note);
  const { result: made, written } = await services.chart.withChart(origin, async (draft) => {
    enterChart(call, (await findNote(draft, note)).patient);
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
    made.map(async ({ id, checks }) => commandView(await afterwards(services, written, 'Command', id), checks)),
  );
}

/** What this very request made before its node died. */
async function madeBefore(
  { store }: Services,
  wishes: readonly NewCommand[],
  turn: Turn,
): Promise<CommandShape[] | undefined> {
  if (turn.begunAt === undefined) return undefined;
  const found = await Promise.all(
    wishes.map(async (_, index) => storedEntry('Command', await store.version('Command', turn.id(index)!, 1))),
  );
  const made = found.filter((one): one is StoredEntry<'Command'> => one !== undefined);
  return made.length === wishes.length ? made.map((one) => commandView(one)) : undefined;
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

async function ofSameChart(call: Call, services: Services, id: string, note: string): Promise<void> {
  const { entry: command } = await entered(call, services, 'Command', id);
  const { entry: target } = await entered(call, services, 'Note', note);
  if (command.patient === target.patient) return;
  const message = 'is in another patient’s chart';
  throw new Refusal('request.invalid', { reason: `the note ${message}` }, [{ path: '/note', message }]);
}

function typeView(kind: CommandKind) {
  const fields = Object.entries(kind.fields).map(([name, { needed = false, ...field }]) => [
    name,
    { ...field, needed },
  ]);
  return {
    key: kind.key,
    prefix: kind.prefix,
    label: kind.label,
    summary: kind.summary,
    review: kind.review ?? false,
    actions: actionsOf(kind),
    fields: Object.fromEntries(fields),
  };
}
