// chartwire init: a new plugin's folder, with a handler and a test that passes.

import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { CliError, EXIT } from './cli-error.ts';
import { CHARTWIRE, IS_CHECKOUT, packageJson, pnpmSettings } from './new-package.ts';
import { isUnderPnpm } from './package-manager.ts';
import { examples, print } from './print.ts';

/** A plugin that works; `my-plugin` in its files becomes the new one's name. */
const TEMPLATE = fileURLToPath(new URL('./template', import.meta.url));

export function init(): Command {
  return new Command('init')
    .summary('make a new plugin')
    .description('Makes a folder with a plugin that works: a handler, a test that passes, and types for the editor.')
    .argument('<folder>', 'the folder to make; its last part is the plugin’s name')
    .addHelpText(
      'after',
      examples('chartwire init my-plugin', 'chartwire init plugins/my-plugin && cd plugins/my-plugin && npm test'),
    )
    .action(async (folder: string) => {
      const path = resolve(folder);
      const name = basename(path);
      if (!/^[a-z][a-z0-9-]{0,62}$/.test(name)) {
        throw new CliError(
          `${name} cannot be a plugin’s name: lower case letters, digits and -, beginning with a letter.`,
          EXIT.usage,
        );
      }
      const pnpm = isUnderPnpm();
      // What may be refused comes first: nothing is left half made.
      const manifest = await packageJson(path, name);
      const settings = pnpm ? await pnpmSettings(path) : undefined;
      await makeEmpty(path);
      await copyTemplate(path, name);
      await writeFile(join(path, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
      await writeFile(join(path, 'tsconfig.json'), `${JSON.stringify(TSCONFIG, null, 2)}\n`);
      await writeFile(join(path, 'test/tsconfig.json'), `${JSON.stringify(testTsconfig(path), null, 2)}\n`);
      await writeFile(join(path, '.gitignore'), 'node_modules/\n');
      if (settings !== undefined) await writeFile(join(path, 'pnpm-workspace.yaml'), settings);
      if (IS_CHECKOUT) await linkChartwire(path);
      print(`${name} is in ${relative('.', path) || '.'}. Next:\n`);
      const [manager, exec] = pnpm ? ['pnpm', 'pnpm exec'] : ['npm', 'npx'];
      const steps = [...(IS_CHECKOUT ? [] : [`${manager} install`]), `${manager} test`, `${exec} chartwire install`];
      print([`cd ${relative('.', path) || '.'}`, ...steps].map((step) => `  ${step}`).join('\n'));
    });
}

async function makeEmpty(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    if ((await readdir(path)).length === 0) return;
  } catch (error) {
    throw new CliError(`${path} cannot be made (${(error as NodeJS.ErrnoException).code}).`);
  }
  throw new CliError(`${path} is not empty: name a folder that does not exist yet.`);
}

async function copyTemplate(path: string, name: string): Promise<void> {
  const entries = await readdir(TEMPLATE, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const from = join(entry.parentPath, entry.name);
    const to = join(path, relative(TEMPLATE, from));
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, (await readFile(from, 'utf8')).replaceAll('my-plugin', name));
  }
}

/** A checkout of Chartwire has its types in its sources. */
const SOURCES = IS_CHECKOUT && { customConditions: ['@chartwire/source'] };

/** For the editor and for tsc: what the sandbox has, and no types of Node. */
const TSCONFIG = {
  extends: 'chartwire/sdk/tsconfig.plugin.json',
  ...(SOURCES && { compilerOptions: SOURCES }),
  include: ['src'],
};

/** Tests run in Node, whose types a checkout brings along. */
const testTsconfig = (path: string) => ({
  extends: 'chartwire/sdk/tsconfig.test.json',
  ...(SOURCES && { compilerOptions: { ...SOURCES, typeRoots: [relative(join(path, 'test'), nodeTypes())] } }),
  include: ['.'],
});

function nodeTypes(): string {
  return join(createRequire(import.meta.url).resolve('@types/node/package.json'), '../..');
}

/** Makes `chartwire/sdk` and `npx chartwire` work at once, without a registry. */
async function linkChartwire(path: string): Promise<void> {
  const bin = join(path, 'node_modules', '.bin');
  await mkdir(bin, { recursive: true });
  await symlink(CHARTWIRE, join(path, 'node_modules', 'chartwire'), 'junction');
  if (process.platform !== 'win32') await symlink('../chartwire/bin/chartwire.js', join(bin, 'chartwire'));
}
