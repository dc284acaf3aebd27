// chartwire validate: what install would say, without a server: builds a plugin, loads it in the sandbox, checks its types.

import { Command, InvalidArgumentError, Option } from 'commander';
import { variableText } from '#plugin-host/secrets.ts';
import { readPluginFolder } from './plugin-folder.ts';
import { examples, jsonOption, print, printJson, tell } from './print.ts';
import { checkTypes, compilerOf } from './type-check.ts';

interface Options {
  readonly json?: boolean;
  readonly types: boolean;
  readonly typesSeconds: number;
}

export function validate(): Command {
  return new Command('validate')
    .summary('build and load a plugin without installing it')
    .description(
      'Builds a plugin’s folder and loads it in the sandbox, as a server would, and says what it answers and may do. Its ' +
        'types are checked as well when TypeScript is installed in the folder: that runs the folder’s own compiler, outside ' +
        'the sandbox, so use --no-types for a folder you don’t trust.',
    )
    .argument('[folder]', 'where its chartwire.json is', '.')
    .addOption(jsonOption())
    .addOption(new Option('--no-types', 'do not run the folder’s TypeScript'))
    .addOption(
      new Option('--types-seconds <seconds>', 'how long checking the types may take').default(120).argParser(secondsOf),
    )
    .addHelpText('after', examples('chartwire validate', 'chartwire validate examples/abnormal-lab-task --json'))
    .action(async (folder: string, { json, types, typesSeconds }: Options) => {
      const { path, manifest } = await readPluginFolder(folder);
      // The compiler and the sandbox are loaded only here, since no other verb needs them.
      const { openPlugin } = await import('#plugin-host/testing.ts');
      const { refuseBadSchedules } = await import('#delivery/schedule.ts');
      const plugin = await openPlugin(path);
      await plugin.close();
      const { handlers } = plugin;
      refuseBadSchedules(handlers);
      const compiler = types ? compilerOf(path) : undefined;
      if (compiler) {
        tell(
          `Checking types with the folder’s own TypeScript ${compiler.version} (${compiler.place}); --no-types leaves it out.`,
        );
        await checkTypes(compiler, typesSeconds);
      }
      const typesChecked = compiler !== undefined;
      const { name, version, scopes, network, variables } = manifest;
      if (json) return printJson({ name, version, handlers, scopes, network, variables, typesChecked });
      print(`${name} ${version} is valid.`);
      for (const handler of handlers) {
        const { schedule, timezone, respondsTo, hearsOwn } = handler;
        print(
          `  ${handler.name} answers ${schedule ? `CRON ${schedule}${timezone ? ` (${timezone})` : ''}` : respondsTo.join(', ')}${hearsOwn ? ', its own effects too' : ''}`,
        );
      }
      print(`  Scopes: ${scopes.join(' ') || 'none'}`);
      print(`  Hosts: ${network.join(' ') || 'none'}`);
      print(`  Types: ${compiler ? `they hold, by TypeScript ${compiler.version}` : unchecked(types)}`);
      for (const variable of variables) print(`  Variable: ${variableText(variable)}`);
    });
}

function unchecked(wanted: boolean): string {
  return wanted ? 'not checked: that takes a tsconfig.json, and TypeScript in the folder' : 'not checked (--no-types)';
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 3_600) return seconds;
  throw new InvalidArgumentError('A number of seconds from 1 to 3600.');
}
