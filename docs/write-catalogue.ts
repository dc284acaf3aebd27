// Writes docs/catalogue/ from the declarations in src/. With --check it writes nothing and fails when a page is stale.

import { readFileSync, writeFileSync } from 'node:fs';
import { answersPage } from './pages/answers.ts';
import { commandsPage } from './pages/commands.ts';
import { effectsPage } from './pages/effects.ts';
import { errorsPage } from './pages/errors.ts';
import { eventsPage } from './pages/events.ts';
import { recordsPage } from './pages/records.ts';

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
  };
  return new Map(Object.entries(pages).map(([name, page]) => [name, `${page()}\n`]));
}

/** Names of the pages that are not what they should be. */
export function stalePages(): string[] {
  return [...cataloguePages()].filter(([name, text]) => read(name) !== text).map(([name]) => name);
}

function read(name: string): string | undefined {
  try {
    return readFileSync(new URL(name, folder), 'utf8');
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const stale = stalePages();
  if (process.argv.includes('--check')) {
    if (stale.length > 0) console.error(`stale in docs/catalogue: ${stale.join(', ')}; run \`npm run docs\``);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    for (const [name, text] of cataloguePages()) writeFileSync(new URL(name, folder), text);
    console.log(stale.length > 0 ? `wrote docs/catalogue: ${stale.join(', ')}` : 'docs/catalogue is up to date');
  }
}
