// /api/commands: the command types, and operations to enter, change, commit, and search for commands.

import { type Static, Type } from 'typebox';
import type { FieldKind } from '@chartwire/sdk/internal/commands/control';
import { SEARCH_ANSWERS } from '@chartwire/sdk/internal/effects/answers';
import { ErrorReason } from '@chartwire/sdk/internal/records/command-entry';
import { CommandShape, Fields, Overrides } from './command.ts';
import { FhirId, Named, only, pageOf, Version } from './parameters.ts';
import { row } from './row.ts';

/** One command, identified by the path. */
const Editing = only({ fields: Fields, version: Version, overrides: Overrides });

export const Doing = only({ version: Version, overrides: Overrides });

const Erring = only({ ...Doing.properties, reason: Type.Optional(ErrorReason) });

const Acting = only({
  version: Version,
  overrides: Overrides,
  note: Type.Optional(Type.String({ ...FhirId, description: 'Where `carry-forward` puts the copy.' })),
});

const OfField = only({ id: FhirId, field: Type.String({ minLength: 1, maxLength: 64 }) });

/** The results of a search for options. */
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

const Key = Type.String({ minLength: 1, maxLength: 64, description: 'Key of the command type: `prescribe`.' });

export const NewCommand = only({
  command: Key,
  fields: Type.Optional(Fields),
  commit: Type.Optional(Type.Boolean({ description: 'Commit it at once.' })),
  overrides: Overrides,
});
export type NewCommand = Static<typeof NewCommand>;

const selected = Type.Optional(
  Type.String({ description: 'Its SELECTED event, where that is not named `<PREFIX>__<FIELD>__SELECTED`.' }),
);

/** Where the options of a field come from. */
const FieldSearch = Type.Union([
  Type.Object({
    from: Type.Literal('terms'),
    systems: Type.Array(Type.String(), { description: 'URIs of code systems.' }),
    words: Type.Optional(
      Type.Union([Type.Literal(true), Type.Literal('narrative')], {
        description:
          'What has no code may be an option without a coding. `narrative`: the words are the entry, so they are taken as they stand where no option is picked.',
      }),
    ),
    prefer: Type.Optional(
      Type.String({ description: 'The terms that come before all others: laboratory, imaging ...' }),
    ),
    of: Type.Optional(Type.String({ description: '`ingredient`: of drugs, what they consist of.' })),
    selected,
  }),
  Type.Object({
    from: Type.Literal('chart', { description: 'Records of the note’s patient.' }),
    type: Type.String(),
    filter: Type.Optional(Type.String({ description: 'FHIR search parameters.' })),
    selected,
  }),
  Type.Object({
    from: Type.Literal('records', { description: 'Records outside any chart.' }),
    types: Type.Array(Type.String()),
    filters: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'FHIR search parameters, by the type that has some.' }),
    ),
    adds: Type.Optional(
      Type.Array(Type.String(), { description: 'Kinds of parties that may be added: pharmacy, team ...' }),
    ),
    selected,
  }),
]);

/** A field of a command type. `schema` is the subset of JSON Schema that fields use. */
const FieldShape = Type.Unsafe<FieldKind>(
  Type.Object({
    label: Type.String(),
    schema: Type.Object({}, { description: 'JSON Schema of the value.' }),
    needed: Type.Union([Type.Boolean(), Type.Object({ unless: Type.Array(Type.String()) })], {
      description: 'For a commit; `unless` names fields that may stand in its place.',
    }),
    search: Type.Optional(FieldSearch),
    unit: Type.Optional(Type.String({ description: 'UCUM' })),
    initial: Type.Optional(Type.String()),
  }),
);

const CommandType = Type.Object({
  key: Type.String(),
  prefix: Type.String({ description: 'How its events begin.' }),
  label: Type.String(),
  summary: Type.String(),
  review: Type.Boolean({ description: 'It may be looked over by another before it is committed.' }),
  actions: Type.Array(Type.String()),
  fields: Type.Record(Type.String(), FieldShape),
});
export type CommandType = Static<typeof CommandType>;

export const COMMANDS = {
  list: row({
    method: 'GET',
    path: '/api/commands',
    operation: 'commands.list',
    summary: 'The command types: fields as JSON Schema, searches, actions',
    needs: 'token',
    audited: false,
    answer: {
      status: 200,
      description: 'All of them.',
      schema: pageOf(CommandType),
    },
  }),
  get: row({
    method: 'GET',
    path: '/api/commands/:id',
    operation: 'commands.get',
    summary: 'A command',
    needs: 'Command.r',
    about: 'Command',
    params: Named,
    answer: { status: 200, description: 'The command.', schema: CommandShape },
  }),
  update: row({
    method: 'PATCH',
    path: '/api/commands/:id',
    operation: 'commands.update',
    summary: 'Changes fields of a staged command; those that are not named stay',
    needs: 'Command.u',
    about: 'Command',
    params: Named,
    body: Editing,
    answer: { status: 200, description: 'The command.', schema: CommandShape },
  }),
  commit: row({
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
  }),
  enterInError: row({
    method: 'POST',
    path: '/api/commands/:id/enter-in-error',
    operation: 'commands.enter-in-error',
    summary: 'Enters a committed command in error: what it made is marked so, what it changed is as it was',
    needs: 'Command.u',
    about: 'Command',
    params: Named,
    body: Erring,
    answer: { status: 200, description: 'The command.', schema: CommandShape },
  }),
  execute: row({
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
  }),
  delete: row({
    method: 'DELETE',
    path: '/api/commands/:id',
    operation: 'commands.delete',
    summary: 'Deletes a staged command',
    needs: 'Command.d',
    about: 'Command',
    params: Named,
    body: Doing,
    answer: { status: 204, description: 'It is gone.' },
  }),
  options: row({
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
  }),
  select: row({
    method: 'POST',
    path: '/api/commands/:id/fields/:field/select',
    operation: 'commands.select',
    summary: 'Picks an option: the field takes it, and plugins get SELECTED',
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
  }),
  originate: row({
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
  }),
};
