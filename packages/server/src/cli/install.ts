// chartwire install: packs a plugin's folder, sends it, and waits until it is live.

import { Command } from 'commander';
import { clientFor } from './client.ts';
import { answers } from './list.ts';
import { readPluginFolder } from './plugin-folder.ts';
import { examples, jsonOption, print, printJson, tell } from './print.ts';

export function install(): Command {
  return new Command('install')
    .summary('install or update a plugin from its folder')
    .description(
      'Packs a plugin’s folder, sends it to the server and waits until it is live. When it does not build or load, the ' +
        'version that was there goes on, the reason is printed, and the exit code is 1.',
    )
    .argument('[folder]', 'where its chartwire.json is', '.')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('chartwire install examples/abnormal-lab-task', 'chartwire install . && chartwire logs my-plugin'),
    )
    .action(async (folder: string, { json }: { json?: boolean }, command: Command) => {
      const client = clientFor(command);
      const { path, manifest } = await readPluginFolder(folder);
      const { packPlugin } = await import('#plugin-host/package.ts');
      const bytes = new Uint8Array(await packPlugin(path));
      const plugin = await client.plugins.install({
        params: { name: manifest.name },
        upload: { bytes, type: 'application/gzip' },
      });
      if (json) return printJson(plugin);
      print(`${plugin.name} ${plugin.version} is live and answers ${answers(plugin.handlers)}.`);
      if (plugin.receives.length > 0) print(`Its events give it these records: ${plugin.receives.join(', ')}.`);
      for (const { key, set } of plugin.variables) {
        if (!set) tell(`${key} is not set yet: chartwire variables set ${plugin.name} ${key}=...`);
      }
    });
}
