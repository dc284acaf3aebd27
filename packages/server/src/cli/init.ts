// chartwire init: a new plugin's folder, with a handler and a test that passes.

import { access, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { CliError, EXIT } from './cli-error.ts';
import { examples, print } from './print.ts';

/** A plugin that works; `my-plugin` in its files becomes the new one's name. */
const TEMPLATE = fileURLToPath(new URL('./template', import.meta.url));
const CHARTWIRE = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

const IS_CHECKOUT = import.meta.filename.endsWith('.ts');
/** Node's types are brought by Chartwire. */
const TYPES = join(createRequire(import.meta.url).resolve('@types/node/package.json'), '../..');

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
      await makeEmpty(path);
      await copyTemplate(path, name);
      await writeFile(join(path, 'package.json'), `${JSON.stringify(packageJson(path, name), null, 2)}\n`);
      await writeFile(join(path, 'tsconfig.json'), `${JSON.stringify(tsconfig(path), null, 2)}\n`);
      await writeFile(join(path, '.gitignore'), 'node_modules/\n');
      await linkChartwire(path);
      print(`${name} is in ${relative('.', path) || '.'}. Next:\n`);
      print(`  cd ${relative('.', path) || '.'}\n  npm test\n  npx chartwire install`);
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

/** `file:` makes npm link this installation, as `linkChartwire` does, instead of looking for it elsewhere. */
function packageJson(path: string, name: string) {
  return {
    name,
    private: true,
    type: 'module',
    scripts: { test: 'node node_modules/chartwire/bin/node.js --test' },
    devDependencies: { chartwire: `file:${relative(path, CHARTWIRE)}` },
  };
}

/** For the editor and for tsc: the same rules as those under which a plugin is built. */
const tsconfig = (path: string) => ({
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024'],
    module: 'nodenext',
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [relative(path, TYPES)],
    // A checkout of Chartwire has its types in its sources.
    ...(IS_CHECKOUT && { customConditions: ['@chartwire/source'] }),
  },
  include: ['src', 'test'],
});

/** Makes `chartwire/sdk` and `npx chartwire` work at once, without a registry. */
async function linkChartwire(path: string): Promise<void> {
  const bin = join(path, 'node_modules', '.bin');
  await mkdir(bin, { recursive: true });
  await symlink(CHARTWIRE, join(path, 'node_modules', 'chartwire'), 'junction');
  if (process.platform !== 'win32') await symlink('../chartwire/bin/chartwire.js', join(bin, 'chartwire'));
  await access(join(path, 'node_modules', 'chartwire', 'package.json'));
}
