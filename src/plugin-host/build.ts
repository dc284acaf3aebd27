// From a plugin's folder to one script and its source map. Reads only the folder (and Chartwire's own SDK), writes nothing.

import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildFailure, build, type Message, type OnResolveResult, type Plugin } from 'esbuild';
import { type Fault, Refusal } from '#kit/errors.ts';
import type { PluginBuild } from './contract.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import { type DefinedQuestionnaire, readQuestionnaires } from './questionnaires.ts';

/** A script larger than this is not a handler but an application. */
const MAX_CODE = 5_000_000;
const CHARTWIRE = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const SDK = join(CHARTWIRE, 'src/sdk/index.ts');

/** A build and what else the folder brings. */
export interface BuiltPlugin extends PluginBuild {
  readonly questionnaires: readonly DefinedQuestionnaire[];
}

/** Builds the plugin; throws a Refusal `plugin.manifest`, or `plugin.build` whose faults name file and line. */
export async function buildPlugin(folder: string): Promise<BuiltPlugin> {
  const root = await realpath(folder).catch(() => {
    throw refuse([{ path: folder, message: 'there is no such folder' }]);
  });
  const manifest = parseManifest(await readManifest(root));
  const questionnaires = await readQuestionnaires(root, manifest.name);
  const { code, map } = await bundle(root, manifest);
  if (code.length > MAX_CODE) {
    throw refuse([
      { path: manifest.entry, message: `the script is larger than ${MAX_CODE / 1e6} MB with all it imports` },
    ]);
  }
  const digest = createHash('sha256').update(code).digest('hex');
  return { manifest, code, sourceMap: nameSources(map, root), digest, questionnaires };
}

async function readManifest(root: string): Promise<unknown> {
  const text = await readFile(join(root, 'chartwire.json'), 'utf8').catch(() => {
    throw new Refusal('plugin.manifest', { reason: 'the folder has none' }, [
      { path: '', message: 'the file is missing' },
    ]);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Refusal('plugin.manifest', { reason: `it is not JSON (${message})` }, [{ path: '', message }]);
  }
}

async function bundle(root: string, manifest: Manifest): Promise<{ code: string; map: string }> {
  try {
    const result = await build({
      absWorkingDir: root,
      entryPoints: [`./${manifest.entry}`],
      outfile: join(root, 'plugin.js'),
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      conditions: ['import'],
      target: 'es2024',
      sourcemap: 'external',
      sourcesContent: true,
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'silent',
      logOverride: { 'import-is-undefined': 'error' },
      // Given here, no tsconfig.json is looked for, neither in the folder nor above it.
      tsconfigRaw: { compilerOptions: { alwaysStrict: true, useDefineForClassFields: true } },
      // The loader in the isolate runs the body once, catches what it throws, and looks at its exports.
      banner: { js: '__chartwire((module, exports) => {' },
      footer: { js: '});' },
      plugins: [onlyInside(root)],
    });
    const find = (end: string): string => result.outputFiles.find((file) => file.path.endsWith(end))!.text;
    return { code: find('.js'), map: find('.js.map') };
  } catch (error) {
    const { errors } = error as Partial<BuildFailure>;
    if (!errors) throw error;
    throw refuse(errors.map(faultOf));
  }
}

/** Lets imports resolve to the plugin's own folder and to the SDK, and says where else one tried to go. */
function onlyInside(root: string): Plugin {
  return {
    name: 'only-inside',
    setup(builder) {
      builder.onResolve({ filter: /.*/ }, async (args): Promise<OnResolveResult | undefined> => {
        if (args.pluginData === onlyInside) return undefined;
        if (args.path === 'chartwire/sdk') return { path: SDK };
        if (args.path.startsWith('chartwire/sdk/testing'))
          return error('chartwire/sdk/testing is for tests; a handler cannot import it');
        if (args.path.startsWith('node:')) return error(noBuiltin(args.path));
        const ours = !inside(root, args.importer) && inside(CHARTWIRE, args.importer);
        const { path, resolveDir, kind, importer } = args;
        const resolved = await builder.resolve(path, { resolveDir, kind, importer, pluginData: onlyInside });
        if (resolved.errors.length > 0) {
          return isBuiltin(path) ? error(noBuiltin(path)) : { errors: resolved.errors };
        }
        if (inside(ours ? CHARTWIRE : root, resolved.path)) return resolved;
        return error(
          `${path} is outside the plugin’s folder; a plugin imports its own files, its own node_modules and chartwire/sdk`,
        );
      });
    },
  };
}

function inside(folder: string, path: string): boolean {
  return path.startsWith(folder + sep);
}

function error(text: string): OnResolveResult {
  return { errors: [{ text }] };
}

function noBuiltin(name: string): string {
  return `${name} is a part of Node, which a plugin does not have: it reads through this.data, reaches other systems through this.http and logs through this.log`;
}

function faultOf(message: Message): Fault {
  const { location, text } = message;
  return { path: location ? `${location.file}:${location.line}:${location.column + 1}` : '', message: text };
}

function refuse(faults: Fault[]): Refusal {
  const reason = faults.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  return new Refusal('plugin.build', { reason }, faults);
}

/** Sources are named as the author knows them; those of the SDK without the place where Chartwire is installed. */
function nameSources(map: string, root: string): string {
  const json = JSON.parse(map) as { sources: string[] };
  json.sources = json.sources.map((source) => {
    const path = join(root, source);
    if (inside(root, path)) return relative(root, path).split(sep).join('/');
    return inside(CHARTWIRE, path) ? `chartwire/${relative(CHARTWIRE, path).split(sep).join('/')}` : source;
  });
  return JSON.stringify(json);
}
