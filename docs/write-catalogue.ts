// Writes docs/catalogue/ from the declarations in src/, the client’s table of addresses, the SDK’s builders and its types of searches. With --check it writes nothing and fails when a page is stale.
// With --examples it first makes every event happen on a scratch database, and takes the examples of events from there.

import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { areAddressesStale, writeAddresses } from './write-addresses.ts';
import { staleBuilders, writeBuilders } from './write-builders.ts';
import { areSearchParametersStale, writeSearchParameters } from './write-search-parameters.ts';
import { answersPage } from './pages/answers.ts';
import { apiPages } from './pages/api.ts';
import { commandsPage } from './pages/commands.ts';
import { effectsPage } from './pages/effects.ts';
import { errorsPage } from './pages/errors.ts';
import { eventPages } from './pages/event-pages.ts';
import { eventsPage } from './pages/events.ts';
import { globalsPage } from './pages/globals.ts';
import { permissionsPage } from './pages/permissions.ts';
import { recordsPage } from './pages/records.ts';
import { sdkPage } from './pages/sdk.ts';

const folder = new URL('./catalogue/', import.meta.url);

/** File names of docs/catalogue/ to what they should hold. */
export function cataloguePages(): ReadonlyMap<string, string> {
  const pages = {
    'events.md': eventsPage,
    'records.md': recordsPage,
    'commands.md': commandsPage,
    'effects.md': effectsPage,
    'answers.md': answersPage,
    'errors.md': errorsPage,
    'globals.md': globalsPage,
    'permissions.md': permissionsPage,
    'sdk.md': sdkPage,
  };
  const families = [...eventPages()].map(([name, text]) => [`events/${name}.md`, text] as const);
  const areas = [...apiPages()].map(([name, text]) => [`api/${name}.md`, text] as const);
  const all = [...Object.entries(pages).map(([name, page]) => [name, page()] as const), ...families, ...areas];
  return new Map(all.map(([name, text]) => [name, `${text}\n`]));
}

/** Names of the pages that are not what they should be, or should not be there. */
export function stalePages(): string[] {
  const pages = cataloguePages();
  const stale = [...pages].filter(([name, text]) => read(name) !== text).map(([name]) => name);
  return [...stale, ...strayPages(pages)];
}

function strayPages(pages: ReadonlyMap<string, string>): string[] {
  return globSync('**/*.md', { cwd: folder }).filter((name) => !pages.has(name));
}

function read(name: string): string | undefined {
  try {
    return readFileSync(new URL(name, folder), 'utf8');
  } catch {
    return undefined;
  }
}

function writePages(): void {
  const pages = cataloguePages();
  for (const name of strayPages(pages)) rmSync(new URL(name, folder));
  for (const name of ['events/', 'api/']) mkdirSync(new URL(name, folder), { recursive: true });
  for (const [name, text] of pages) writeFileSync(new URL(name, folder), text);
}

if (import.meta.main) {
  if (process.argv.includes('--examples')) {
    const { takeExamples } = await import('./take-examples.ts');
    await takeExamples();
  }
  const stale = stalePages();
  if (process.argv.includes('--check')) {
    if (stale.length > 0) console.error(`stale in docs/catalogue: ${stale.join(', ')}; run \`npm run docs\``);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    if (areAddressesStale()) writeAddresses();
    if (staleBuilders().length > 0) writeBuilders();
    if (areSearchParametersStale()) writeSearchParameters();
    writePages();
    console.log(stale.length > 0 ? `wrote docs/catalogue: ${stale.join(', ')}` : 'docs/catalogue is up to date');
  }
}
