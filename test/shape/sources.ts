// The sources of all packages, and what they import: for the tests of the house's shape.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const PACKAGES = resolve(import.meta.dirname, '../../packages');

/** The floors of ARCHITECTURE.md, from the ground up, and where each lies. */
export const FOLDERS = {
  kit: 'sdk/src/kit',
  substances: 'sdk/src/substances',
  records: 'sdk/src/records',
  commands: 'sdk/src/commands',
  effects: 'sdk/src/effects',
  events: 'sdk/src/events',
  contract: 'client/src/contract',
  client: 'client/src/client',
  sdk: 'sdk/src/sdk',
  r4: 'server/src/r4',
  terms: 'server/src/terms',
  store: 'server/src/store',
  chart: 'server/src/chart',
  'plugin-host': 'server/src/plugin-host',
  delivery: 'server/src/delivery',
  fhir: 'server/src/fhir',
  demo: 'server/src/demo',
  server: 'server/src/server',
  web: 'web/src',
  cli: 'server/src/cli',
} as const;

export type Floor = keyof typeof FOLDERS;
export const FLOORS = Object.keys(FOLDERS) as readonly Floor[];
/** Files of the server that belong to no floor. */
export const ABOVE = ['app.ts', 'sdk.ts'] as const;

export interface Source {
  /** Its path below its floor's: `chart/draft.ts`. One above the floors has its own: `app.ts`. */
  readonly name: string;
  /** undefined above the floors. */
  readonly floor: Floor | undefined;
  /** `sdk`, `server`, `web`: the folder of its package. */
  readonly package: string;
  readonly text: string;
}

export interface Import {
  readonly from: Source;
  /** As it is written. */
  readonly to: string;
  /** The name of the file of ours that it leads to; undefined for another package. */
  readonly file: string | undefined;
  /** Erased when the file is run. */
  readonly typeOnly: boolean;
  /** Loaded when it is asked for, by `import()`. */
  readonly late: boolean;
}

/** What lies in `packages/<name>/src`, of every package. */
export const foldersOfSources: readonly string[] = readdirSync(PACKAGES).flatMap((name) => {
  const src = join(PACKAGES, name, 'src');
  const folders = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map((entry) => `${name}/src/${entry.name}`);
});

export const SOURCES: readonly Source[] = [
  ...FLOORS.flatMap((floor) => {
    const folder = join(PACKAGES, FOLDERS[floor]);
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path))
      .map((path) => sourceOf(`${floor}/${path}`, floor, join(folder, path)));
  }),
  ...ABOVE.map((name) => sourceOf(name, undefined, join(PACKAGES, 'server/src', name))),
];

function sourceOf(name: string, floor: Floor | undefined, path: string): Source {
  return { name, floor, package: relative(PACKAGES, path).split('/')[0]!, text: readFileSync(path, 'utf8') };
}

/** `@chartwire/sdk/internal/kit/errors`: a file of another of our packages. */
export const CROSSING = /^(?:@chartwire\/(?:sdk|client)|chartwire)\/internal\/(.+)$/;

const STATIC = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)';/gm;
const LATE = /\bimport\(\s*'([^']+)'/g;

export const IMPORTS: readonly Import[] = SOURCES.flatMap((from) => [
  ...Array.from(from.text.matchAll(STATIC), ([, type, to]) => importOf(from, to!, type !== undefined, false)),
  ...Array.from(from.text.matchAll(LATE), ([, to]) => importOf(from, to!, false, true)),
]);

function importOf(from: Source, to: string, typeOnly: boolean, late: boolean): Import {
  return { from, to, file: target(from.name, to), typeOnly, late };
}

function target(from: string, to: string): string | undefined {
  if (to.startsWith('.')) return join(dirname(from), to);
  if (to.startsWith('#')) return to.slice(1);
  if (to === '@chartwire/sdk') return 'sdk/index.ts';
  const inside = CROSSING.exec(to)?.[1];
  return inside && `${inside}.ts`;
}

export function packageOf(floor: Floor): string {
  return FOLDERS[floor].split('/')[0]!;
}

export function floorOf(name: string): Floor | undefined {
  const [first] = name.split('/');
  return FLOORS.find((floor) => floor === first);
}
