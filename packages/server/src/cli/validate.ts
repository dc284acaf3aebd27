// chartwire validate: builds a plugin and loads it in the sandbox, without a server.

import { Command } from 'commander';
import { variableText } from '#plugin-host/secrets.ts';
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
      // The compiler and the sandbox are loaded only here, since no other verb needs them.
      const { openPlugin } = await import('#plugin-host/testing.ts');
      const { refuseBadSchedules } = await import('#delivery/schedule.ts');
      const plugin = await openPlugin(path);
      await plugin.close();
      const { handlers } = plugin;
      refuseBadSchedules(handlers);
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
      for (const variable of variables) print(`  Variable: ${variableText(variable)}`);
    });
}
