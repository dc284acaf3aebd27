// The sections of the site and the pages of each, in reading order. A page is a Markdown file of the repository.

import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

export interface Page {
  /** Path of the Markdown file below the repository's root: `docs/operating.md`. */
  readonly source: string;
  /** What the navigation calls it. */
  readonly label: string;
}

export interface Section {
  readonly title: string;
  readonly pages: readonly Page[];
  /** Kept closed in the navigation unless one of its pages is open. */
  readonly closed?: boolean;
}

const page = (source: string, label: string): Page => ({ source, label });

/** Every file of a pattern, called by its heading. */
function all(pattern: string, label: (heading: string) => string = (heading) => heading): Page[] {
  return globSync(pattern, { cwd: ROOT })
    .toSorted()
    .map((source) => page(source, label(headingOf(source))));
}

function headingOf(source: string): string {
  const heading = /^# (.+)$/m.exec(readFileSync(join(ROOT, source), 'utf8'))?.[1];
  if (heading === undefined) throw new Error(`${source} has no first heading: begin it with "# Title".`);
  return heading.replaceAll('`', '');
}

export const SECTIONS: readonly Section[] = [
  {
    title: 'Get started',
    pages: [
      page('docs/README.md', 'Welcome'),
      page('docs/get-started.md', 'Get started'),
      page('docs/first-plugin.md', 'Write your first plugin'),
      page('docs/coming-from-canvas.md', 'Coming from Canvas'),
    ],
  },
  {
    title: 'Guides',
    pages: [
      page('docs/charting.md', 'Chart in the browser'),
      page('docs/notes-and-commands.md', 'Notes and commands'),
      page('docs/scheduling-and-inbox.md', 'Scheduling and the inbox'),
      page('docs/questionnaires.md', 'Questionnaires'),
      page('docs/secrets.md', 'Plugin secrets'),
      page('docs/terms.md', 'Code systems'),
    ],
  },
  {
    title: 'Example plugins',
    pages: [page('examples/README.md', 'Overview'), ...all('examples/*/README.md')],
  },
  {
    title: 'Reference',
    pages: [
      page('docs/catalogue/events.md', 'Events'),
      page('docs/catalogue/records.md', 'Records'),
      page('docs/catalogue/commands.md', 'Commands'),
      page('docs/catalogue/effects.md', 'Effects'),
      page('docs/catalogue/answers.md', 'Answers to gates and searches'),
      page('docs/catalogue/sdk.md', 'SDK'),
      page('docs/catalogue/globals.md', 'Globals in plugins'),
      page('docs/catalogue/errors.md', 'Errors'),
      page('docs/catalogue/permissions.md', 'Permissions'),
    ],
  },
  {
    title: 'Event examples',
    closed: true,
    pages: all('docs/catalogue/events/*.md', (heading) => heading.replace(/: examples$/, '')),
  },
  {
    title: 'HTTP API',
    closed: true,
    pages: [
      page('docs/api.md', 'Overview'),
      ...all('docs/catalogue/api/*.md', (heading) => heading.replace(/^API: /, '')),
    ],
  },
  {
    title: 'Operations',
    pages: [
      page('docs/operating.md', 'Run Chartwire'),
      page('docs/guarantees.md', 'What delivery guarantees'),
      page('docs/sign-in.md', 'Users and sign-in'),
    ],
  },
  {
    title: 'Architecture',
    pages: [page('ARCHITECTURE.md', 'Architecture')],
  },
  {
    title: 'Decisions',
    closed: true,
    pages: all('docs/decisions/*.md'),
  },
  {
    title: 'Project',
    pages: [
      page('CONTRIBUTING.md', 'Contribute'),
      page('docs/style.md', 'Style guide'),
      page('SECURITY.md', 'Security'),
      page('CHANGELOG.md', 'Changelog'),
    ],
  },
];

export const PAGES: readonly Page[] = SECTIONS.flatMap(({ pages }) => pages);

/** Where a page is on the site: `docs/operating.md` at `operating.html`, `examples/README.md` at `examples/index.html`. */
export function addressOf(source: string): string {
  const path = source.replace(/^docs\//, '');
  const nested = /^examples\/([^/]+)\/README\.md$/.exec(path)?.[1];
  if (nested) return `examples/${nested}.html`;
  const address = path.replace(/README\.md$/, 'index.md').replace(/\.md$/, '.html');
  return address.includes('/') ? address : address.toLowerCase();
}
