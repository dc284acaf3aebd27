// Which test files run in a process of their own and which share one, and which begin first. A process costs about half a
// second of a core before its first test: it reads the product's sources again.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Plan {
  /** Paths for `run()`, the longest first. */
  readonly files: readonly string[];
  /** Removes what was written for it. */
  remove(): Promise<void>;
}

/** What the paths of processes of many files have, and no other. */
const SHARED = 'chartwire-plan-';

/** Parts of the paths of files that take longest: they begin first, so that none is left alone at the end. */
const LONGEST = [
  'browser/desk',
  'browser/note-steps',
  'packages/',
  'server/permissions',
  'delivery/outages',
  'cli/verbs',
  'browser/',
  'sandbox/escapes',
  'delivery/plugin-reads',
  'server/gates',
  'store/embedded',
  SHARED,
  'delivery/fairness',
  'cli/',
  'failure/',
  'delivery/',
  'server/notes',
  'server/allergies',
  'server/session-races',
  'property/',
  'sandbox/',
  'hostile/hostile',
  'server/audit-verify',
];

/** Folders of tests that leave a process as they found it. */
const TOGETHER = [
  'catalogue',
  'chart',
  'commands',
  'demo',
  'effects',
  'examples',
  'fhir',
  'kit',
  'r4',
  'records',
  'sdk',
  'server',
  'shape',
  'store',
  'terms',
  'web',
]
  .map((folder) => `test/${folder}/`)
  .concat('examples/');
/** Few enough that the processes end at about the same time. */
const FILES_TOGETHER = 8;

export async function planned(files: readonly string[]): Promise<Plan> {
  const isShort = (file: string): boolean => placeOf(file) === LONGEST.length;
  const alone = files.filter((file) => !isShort(file) || !canShare(file));
  const shared = files.filter((file) => isShort(file) && canShare(file)).toSorted();
  const folder = await mkdtemp(join(tmpdir(), SHARED));
  const bundles: string[] = [];
  for (let first = 0; first < shared.length; first += FILES_TOGETHER) {
    const bundle = join(folder, `${bundles.length + 1}.test.mjs`);
    const files = shared.slice(first, first + FILES_TOGETHER).map((file) => pathToFileURL(resolve(file)));
    // A file may await its server: no test begins before all are there, and none comes when the others have ended.
    await writeFile(
      bundle,
      `import { before } from 'node:test';
      const loaded = Promise.all(${JSON.stringify(files)}.map((file) => import(file)));
      before(() => loaded);
      await loaded;`,
    );
    bundles.push(bundle);
  }
  const byPlace = (a: string, b: string): number => placeOf(a) - placeOf(b) || (a < b ? -1 : 1);
  return {
    files: [...alone, ...bundles].toSorted(byPlace),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function canShare(file: string): boolean {
  return TOGETHER.some((folder) => file.startsWith(folder));
}

function placeOf(file: string): number {
  const place = LONGEST.findIndex((part) => file.includes(part));
  return place < 0 ? LONGEST.length : place;
}
