// GET /api/commands: the command types, with all that a form, a client or a plugin's author needs to know of each.

import { Type } from 'typebox';
import { actionsOf, type CommandKind } from '@chartwire/sdk/internal/kit/command-kind';
import { type Route, route } from '../route.ts';
import { pageOf } from './parameters.ts';

export const COMMAND_TYPE_ROUTES: readonly Route[] = [
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
              search: Type.Optional(
                Type.Object({
                  from: Type.Enum(['terms', 'chart', 'records']),
                  adds: Type.Optional(
                    Type.Array(Type.String(), {
                      description: 'Kinds of parties that may be added: pharmacy, team ...',
                    }),
                  ),
                  words: Type.Optional(
                    Type.Union([Type.Boolean(), Type.Literal('narrative')], {
                      description:
                        'What has no code may be an option without a coding. `narrative`: the words are the entry, so ' +
                        'they are taken as they stand where no option is picked.',
                    }),
                  ),
                }),
              ),
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
