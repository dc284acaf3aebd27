// GET /api/commands: the command types, with everything that a form, a client, or a plugin's author needs.

import { COMMANDS } from '@chartwire/client/internal/contract/commands';
import { actionsOf, type CommandKind } from '@chartwire/sdk/internal/kit/command-kind';
import { route } from '../route.ts';

export const COMMAND_TYPE_ROUTES = {
  list: route(COMMANDS.list, async (_call, { commands = [] }) => ({ items: commands.map(typeView), next: null })),
};

function typeView(kind: CommandKind) {
  const fields = Object.entries(kind.fields).map(
    ([name, { needed = false, ...field }]) => [name, { ...field, needed }] as const,
  );
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
