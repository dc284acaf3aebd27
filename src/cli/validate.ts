// chartwire validate: builds a plugin and loads it in the sandbox, without a server.

import { Command } from 'commander';
import { Refusal } from '#kit/errors.ts';
import type { HandlerInfo } from '#plugin-host/contract.ts';
import { readPluginFolder } from './plugin-folder.ts';
import { examples, jsonOption, print, printJson } from './print.ts';

export function validate(): Command {
  return new Command('validate')
    .summary('build and load a plugin without installing it')
    .description(
      'Builds a plugin’s folder and loads it in the sandbox, as a server would, and says what it answers and may do.',
    )
    .argument('[folder]', 'where its chartwire.json is', '.')
    .addOption(jsonOption())
    .addHelpText('after', examples('chartwire validate', 'chartwire validate examples/abnormal-lab-task --json'))
    .action(async (folder: string, { json }: { json?: boolean }) => {
      const { path, manifest } = await readPluginFolder(folder);
      const handlers = await load(path);
      const { name, version, scopes, network, variables } = manifest;
      if (json) return printJson({ name, version, handlers, scopes, network, variables });
      print(`${name} ${version} is valid.`);
      for (const handler of handlers) {
        const { schedule, timezone, respondsTo } = handler;
        print(
          `  ${handler.name} answers ${schedule ? `CRON ${schedule}${timezone ? ` (${timezone})` : ''}` : respondsTo.join(', ')}`,
        );
      }
      print(`  Scopes: ${scopes.join(' ') || 'none'}`);
      print(`  Hosts: ${network.join(' ') || 'none'}`);
      if (variables.length > 0) print(`  Variables: ${variables.map((variable) => variable.name).join(' ')}`);
    });
}

/** The compiler and the sandbox are loaded here, since no other verb needs them. */
async function load(path: string): Promise<readonly HandlerInfo[]> {
  const [{ pino }, { eventByType }, { buildPlugin }, { createPluginHost }] = await Promise.all([
    import('pino'),
    import('#events/catalogue.ts'),
    import('#plugin-host/build.ts'),
    import('#plugin-host/host.ts'),
  ]);
  const build = await buildPlugin(path);
  const host = createPluginHost({ log: pino({ level: 'silent' }) });
  await host.start();
  try {
    const { handlers } = await host.load(build);
    const unknown = handlers.flatMap(({ respondsTo }) => respondsTo).find((type) => !eventByType(type));
    if (unknown) throw new Refusal('event.unknown', { type: unknown });
    return handlers;
  } finally {
    await host.stop();
  }
}
