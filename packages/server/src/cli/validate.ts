// chartwire validate: what install would say, without a server: builds a plugin, loads it in the sandbox, checks its types.

import { Command } from 'commander';
import { variableText } from '#plugin-host/secrets.ts';
import { readPluginFolder } from './plugin-folder.ts';
import { examples, jsonOption, print, printJson } from './print.ts';
import { checkTypes } from './type-check.ts';

export function validate(): Command {
  return new Command('validate')
    .summary('build and load a plugin without installing it')
    .description(
      'Builds a plugin’s folder and loads it in the sandbox, as a server would, and says what it answers and may do. Its ' +
        'types are checked as well when TypeScript is installed in the folder.',
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
      const typesChecked = await checkTypes(path);
      const { name, version, scopes, network, variables } = manifest;
      if (json) return printJson({ name, version, handlers, scopes, network, variables, typesChecked });
      print(`${name} ${version} is valid.`);
      for (const handler of handlers) {
        const { schedule, timezone, respondsTo } = handler;
        print(
          `  ${handler.name} answers ${schedule ? `CRON ${schedule}${timezone ? ` (${timezone})` : ''}` : respondsTo.join(', ')}`,
        );
      }
      print(`  Scopes: ${scopes.join(' ') || 'none'}`);
      print(`  Hosts: ${network.join(' ') || 'none'}`);
      print(
        `  Types: ${typesChecked ? 'they hold' : 'not checked: that takes a tsconfig.json, and TypeScript in the folder'}`,
      );
      for (const variable of variables) print(`  Variable: ${variableText(variable)}`);
    });
}
